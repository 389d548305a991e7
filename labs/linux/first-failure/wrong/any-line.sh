#!/usr/bin/env bash
# Counts every line that holds the two words.
# fails: logins.number
# after: solution
count=$(zgrep -h 'Failed password' /var/log/station/secure* |
    awk -v a="2026-03-${night}T21:00" -v b="2026-03-$((night + 1))T07:00" '$1 >= a && $1 < b' | wc -l)
sed -i "s/\"failed_logins\": [0-9]*/\"failed_logins\": $count/" /root/answers.json
