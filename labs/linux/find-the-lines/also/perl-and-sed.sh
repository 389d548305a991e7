#!/bin/bash
log=/var/log/gate/access.log
grep -P "^(?!#)\S+ \S+ \S+ badge=$badge \S+ result=refused(?!\S)" "$log" > /root/refused.txt
sed -nE 's/^[^# ]+ [^ ]+ [^ ]+ [^ ]+ client=([^ ]+) .*/\1/p' "$log" | sort | uniq > /root/clients.txt
sed '/^#/d' "$log" | grep -cP 'T(22|23|00|01|02|03|04|05):\d\d:\d\d gate' > /root/night.txt
