#!/usr/bin/env bash
# Silences the complaint about modes, and root's key still opens the door.
# fails: root.refused, key.strict-modes
# after: solution
#@ vault
chmod 775 /home/mina/.ssh
printf 'StrictModes no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n' >/etc/ssh/sshd_config.d/01-keys-only.conf
systemctl restart ssh.service
