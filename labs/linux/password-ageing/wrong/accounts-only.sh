#!/usr/bin/env bash
# Each account of today, and none of tomorrow.
# fails: defaults.new_accounts, existing.viktor
for user in maya viktor piet oda nils; do
    chage -M "$longest" -m "$shortest" -W "$warning" "$user"
done
chage -d 0 maya
chage -E "$leaves" piet
echo "oda:$word" | chpasswd
usermod -U nils
