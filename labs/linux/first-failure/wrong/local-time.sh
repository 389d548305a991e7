#!/usr/bin/env bash
# Takes the hours of the text logs for UTC.
# fails: logins.number
# after: solution
count=$(zgrep -hE 'sshd\[[0-9]+\]: Failed password' /var/log/station/secure* |
    awk -v a="2026-03-${night}T20:00" -v b="2026-03-$((night + 1))T06:00" '$1 >= a && $1 < b' | wc -l)
sed -i "s/\"failed_logins\": [0-9]*/\"failed_logins\": $count/" /root/answers.json
