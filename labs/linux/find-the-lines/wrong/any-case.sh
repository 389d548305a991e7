#!/bin/bash
# fails: refused.lines
# after: solution
grep -iE "^[0-9T:-]+ gate=[a-z]+ reader=[0-9.]+ badge=$badge client=[0-9.]+ result=refused( |$)" /var/log/gate/access.log > /root/refused.txt
