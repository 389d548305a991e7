#!/usr/bin/env bash
# In the main file, and a line for each member.
rm /etc/sudoers.d/40-operators
sed -i 's/^casey/#casey/' /etc/sudoers.d/80-fair
printf 'ida ALL=(ALL) NOPASSWD: /usr/bin/systemctl restart %s.service\n%s ALL=(ALL:ALL) ALL\n' "$unit" "$lead" >>/etc/sudoers
