#!/usr/bin/env bash
# The running server refuses, and the next one will not: the file is back where it was.
# fails: passwords.lasting
# after: solution
#@ vault
sed -i '/^PasswordAuthentication/d' /etc/ssh/sshd_config.d/01-keys-only.conf
