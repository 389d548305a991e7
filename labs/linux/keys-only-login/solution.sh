#!/usr/bin/env bash
#@ vault
chmod 700 /home/mina/.ssh

#@ desk as mina
ssh-keygen -t ed25519 -N '' -f ~/.ssh/id_ed25519
# Typed at a terminal, the next command asks for the password; here a helper answers.
printf '#!/bin/sh\necho paper-lantern-5\n' >~/answer
chmod 700 ~/answer
SSH_ASKPASS=~/answer SSH_ASKPASS_REQUIRE=force ssh-copy-id -o StrictHostKeyChecking=accept-new mina@vault
rm ~/answer
ssh mina@vault hostname

#@ vault
cat >/etc/ssh/sshd_config.d/01-keys-only.conf <<'CONF'
PasswordAuthentication no
PermitRootLogin no
CONF
sshd -t
systemctl reload ssh.service
sshd -T | grep -Ei '^(passwordauthentication|permitrootlogin)'
