#!/usr/bin/env bash
sed -i -E -e "s/^PASS_MAX_DAYS.*/PASS_MAX_DAYS $longest/" -e "s/^PASS_MIN_DAYS.*/PASS_MIN_DAYS $shortest/" \
    -e "s/^PASS_WARN_AGE.*/PASS_WARN_AGE $warning/" /etc/login.defs
chage -M "$longest" -m "$shortest" -W "$warning" -d 0 maya
chage -l maya
chage -E "$leaves" piet
echo "oda:$word" | chpasswd
usermod -U nils
