#!/bin/bash
cd /srv/survey
/opt/survey 2> warnings.txt | tee findings.txt > /dev/null
sed -n '$p' findings.txt | tee -a audit.log > /dev/null
/opt/survey |& tee everything.txt > /dev/null
grep -c finding findings.txt > count.txt
