#!/usr/bin/env bash
# The first value counts, and the supplier's file is read first.
# fails: passwords.refused, passwords.others, passwords.lasting, root.refused, root.password
# after: solution
#@ vault
mv /etc/ssh/sshd_config.d/01-keys-only.conf /etc/ssh/sshd_config.d/99-keys-only.conf
systemctl restart ssh.service
