#!/bin/bash
# fails: readme.file
# after: solution
sed -i 's/$/\r/' /srv/handover/README
