#!/usr/bin/env bash
# Forgets what was rotated.
# fails: logins.number
# after: solution
count=$(grep -cE 'sshd\[[0-9]+\]: Failed password' /var/log/station/secure || true)
sed -i "s/\"failed_logins\": [0-9]*/\"failed_logins\": $count/" /root/answers.json
