#!/bin/bash
cd /srv/survey
/opt/survey > findings.txt 2> warnings.txt
tail -n 1 findings.txt >> audit.log
/opt/survey > everything.txt 2>&1
/opt/survey 2> /dev/null | wc -l > count.txt
