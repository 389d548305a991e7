#!/bin/bash
# fails: report.few
# after: solution
sed -i 's/-type f//' /usr/local/bin/largest
