#!/usr/bin/env bash
# Aliases, in another file.
rm /etc/sudoers.d/*-operators /etc/sudoers.d/80-fair
cat >/etc/sudoers.d/shop <<SUDO
User_Alias LEADS = $lead
User_Alias OPS = %operators
Cmnd_Alias RESTART = /bin/systemctl restart $unit.service
OPS ALL = NOPASSWD: RESTART
LEADS ALL = (ALL:ALL) PASSWD: ALL
SUDO
chmod 0440 /etc/sudoers.d/shop
