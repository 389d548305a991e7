#!/usr/bin/env bash
# Other tools for the same; the last line of login.defs that names a setting counts.
sed -i '/^PASS_/d' /etc/login.defs
printf 'PASS_MAX_DAYS\t%s\nPASS_MIN_DAYS\t%s\nPASS_WARN_AGE\t%s\n' "$longest" "$shortest" "$warning" >>/etc/login.defs
passwd -x "$longest" -n "$shortest" -w "$warning" maya
passwd -e maya
usermod -e "$leaves" piet
usermod -p "$(perl -e 'print crypt($ARGV[0], q($6$sdlkfj38$))' "$word")" oda
passwd -u nils
