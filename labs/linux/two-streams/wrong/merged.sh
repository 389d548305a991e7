#!/bin/bash
# fails: capture.findings, capture.warnings, capture.one_run, audit.appended
# Both streams land in the first file.
cd /srv/survey
/opt/survey > findings.txt 2>&1
tail -n 1 findings.txt >> audit.log
: > warnings.txt
sed -i '$d' audit.log
/opt/survey &> everything.txt
/opt/survey 2> /dev/null | wc -l > count.txt
