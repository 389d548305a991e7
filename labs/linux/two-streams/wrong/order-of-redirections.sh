#!/bin/bash
# fails: everything.in_order, count.number
# after: solution
cd /srv/survey
# shellcheck disable=SC2069  # this is the mistake
/opt/survey 2>&1 > everything.txt
/opt/survey 2>&1 | wc -l > count.txt
