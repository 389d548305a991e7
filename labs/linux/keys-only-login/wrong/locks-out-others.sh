#!/usr/bin/env bash
# fails: key.otto, passwords.others
# after: solution
#@ vault
echo 'AllowUsers mina' >>/etc/ssh/sshd_config.d/01-keys-only.conf
systemctl restart ssh.service
