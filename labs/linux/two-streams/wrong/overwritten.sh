#!/bin/bash
# fails: audit.kept, audit.appended
# after: solution
tail -n 1 /srv/survey/findings.txt > /srv/survey/audit.log
