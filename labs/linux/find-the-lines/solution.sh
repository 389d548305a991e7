#!/bin/bash
cd /var/log/gate
grep -E "^[0-9T:-]+ gate=[a-z]+ reader=[0-9.]+ badge=$badge client=[0-9.]+ result=refused( |$)" access.log > /root/refused.txt
grep -v '^#' access.log | grep -oE '^[^"]* client=[0-9.]+ result' | sed 's/.*client=//; s/ result//' | sort -u > /root/clients.txt
grep -cE '^[0-9-]+T(2[23]|0[0-5]):' access.log > /root/night.txt
