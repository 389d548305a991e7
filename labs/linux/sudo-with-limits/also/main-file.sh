#!/usr/bin/env bash
# In the main file, and a line for each member.
rm /etc/sudoers.d/40-operators
sed -i 's/^casey/#casey/' /etc/sudoers.d/80-fair
printf 'ida ALL=(ALL) NOPASSWD: /usr/bin/systemctl restart %s.service\n' "$unit" >>/etc/sudoers
printf 'mads %s=NOPASSWD: /bin/systemctl restart %s.service\n' "$(hostname)" "$unit" >>/etc/sudoers
printf '%s ALL=(ALL:ALL) ALL\n' "$lead" >>/etc/sudoers
