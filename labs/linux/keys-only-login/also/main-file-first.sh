#!/usr/bin/env bash
# At the very top of the main file, before its Include; keys are the only method that is left.
#@ vault
rm -r /home/mina/.ssh

#@ desk as mina
ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/vault
printf 'Host vault\n    IdentityFile ~/.ssh/vault\n    StrictHostKeyChecking accept-new\n' >~/.ssh/config
printf '#!/bin/sh\necho paper-lantern-5\n' >~/answer
chmod 700 ~/answer
SSH_ASKPASS=~/answer SSH_ASKPASS_REQUIRE=force ssh-copy-id -i ~/.ssh/vault.pub vault

#@ vault
sed -i '1i PermitRootLogin no\nPasswordAuthentication no\nAuthenticationMethods publickey' /etc/ssh/sshd_config
systemctl restart ssh.service
