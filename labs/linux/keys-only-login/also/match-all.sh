#!/usr/bin/env bash
# A block for all overrides what stands outside of it, wherever it is.
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
cat >>/etc/ssh/sshd_config <<'CONF'
Match all
    PasswordAuthentication no
    KbdInteractiveAuthentication no
Match User root
    PubkeyAuthentication no
CONF
systemctl restart ssh.service
