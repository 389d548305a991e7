#!/bin/bash
# fails: audit.appended
# The whole run is appended; its last line is indeed the last.
cd /srv/survey
/opt/survey > findings.txt 2> warnings.txt
cat findings.txt >> audit.log
/opt/survey &> everything.txt
/opt/survey 2> /dev/null | wc -l > count.txt
