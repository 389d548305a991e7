#!/usr/bin/env bash
# The user who was named, and nobody else.
# fails: passwords.others, passwords.lasting
# after: solution
#@ vault
printf 'Match User mina\n    PasswordAuthentication no\n' >/etc/ssh/sshd_config.d/99-mina.conf
sed -i '/^PasswordAuthentication/d' /etc/ssh/sshd_config.d/01-keys-only.conf
systemctl restart ssh.service
