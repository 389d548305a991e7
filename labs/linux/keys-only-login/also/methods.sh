#!/usr/bin/env bash
# Keys are the only method that is left, and root is no user of ssh's; the supplier's settings stay.
#@ vault
chmod 700 /home/mina/.ssh

#@ desk as mina
ssh-keygen -t ed25519 -N '' -f ~/.ssh/id_ed25519
# Typed at a terminal, the next command asks for the password; here a helper answers.
printf '#!/bin/sh\necho paper-lantern-5\n' >~/answer
chmod 700 ~/answer
SSH_ASKPASS=~/answer SSH_ASKPASS_REQUIRE=force ssh-copy-id -o StrictHostKeyChecking=accept-new mina@vault
rm ~/answer

#@ vault
printf 'AuthenticationMethods publickey\nDenyUsers root\n' >/etc/ssh/sshd_config.d/90-own.conf
systemctl reload ssh.service
