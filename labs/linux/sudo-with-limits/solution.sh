#!/usr/bin/env bash
visudo -c || true
cat >/etc/sudoers.d/40-operators <<SUDO
%operators ALL = (root) NOPASSWD: /usr/bin/systemctl restart $unit.service
$lead ALL = (ALL) ALL
SUDO
rm /etc/sudoers.d/80-fair
visudo -c
sudo -l -U ida
sudo -l -U "$lead"
