#!/bin/bash
# fails: program.interpreter
# after: solution
sed -i 1d /usr/local/bin/venue
