#!/bin/bash
# fails: audit.kept
# after: solution
tail -n 1 /srv/survey/findings.txt > /srv/survey/audit.log
