#!/bin/bash
# Everything is read from the documentation itself, and the page is named in other usual ways.
number() { tr '\n' ' ' | grep -oE "$1" | grep -oE '[0-9.]+[0-9]|[0-9]+' | tail -n 1; }
export MANPAGER=cat MANWIDTH=200
p=$(man 7 tidewatch | col -b | number 'UDP port [0-9]+')
d=$(man 5 tidewatch.conf | col -b | number 'since then it is [0-9]+')
s=$(zcat -f /usr/local/share/man/man8/tidewatchd.8* | grep -B 1 'holds the lock' | number '[0-9]+')
v=$(zgrep -B 1 'New option --quiet' /usr/share/doc/tidewatch/changelog.gz | number 'tidewatch [0-9.]+')
c=$(grep -h 'next one is due' /usr/share/info/tidewatch.info* | number 'due [0-9]+')
printf '{"port":{"value":"%s","page":"/usr/local/share/man/man7/tidewatch.7"},"retention":{"value":"%s","page":"man 5 tidewatch.conf"},' "$p" "$d" > /root/answers.json
printf '"status":{"value":"%s","page":"tidewatchd (8)"},"since":{"value":%s,"page":"/usr/share/doc/tidewatch/changelog.gz"},' "$s" "$v" >> /root/answers.json
printf '"calibration":{"value":"%s","page":"info tidewatch, Calibration"}}' "$c" >> /root/answers.json
