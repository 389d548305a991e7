#!/usr/bin/env bash
# The file is right, and the server has never read it.
# fails: passwords.refused, passwords.others, root.refused, root.password
# after: solution
#@ vault
mv /etc/ssh/sshd_config.d/01-keys-only.conf /root/
systemctl restart ssh.service
mv /root/01-keys-only.conf /etc/ssh/sshd_config.d/
