#!/bin/bash
# fails: capture.one_run
# One run for each file: the run numbers differ.
cd /srv/survey
/opt/survey > findings.txt 2> /dev/null
/opt/survey 2> warnings.txt > /dev/null
tail -n 1 findings.txt >> audit.log
/opt/survey &> everything.txt
/opt/survey 2> /dev/null | wc -l > count.txt
