#!/usr/bin/env bash
# Another sort of key, carried over by hand; the supplier's file is changed.
#@ vault
chown -R mina:mina /home/mina
chmod g-w /home/mina/.ssh
sed -i -e 's/^PasswordAuthentication.*/PasswordAuthentication no/' -e 's/^PermitRootLogin.*/PermitRootLogin no/' \
    /etc/ssh/sshd_config.d/10-supplier.conf

#@ desk as mina
mkdir -m 700 ~/.ssh
ssh-keygen -q -t ecdsa -N '' -f ~/.ssh/id_ecdsa
printf '#!/bin/sh\necho paper-lantern-5\n' >~/answer
chmod 700 ~/answer
ssh-keyscan vault >~/.ssh/known_hosts 2>/dev/null
SSH_ASKPASS=~/answer SSH_ASKPASS_REQUIRE=force ssh mina@vault 'cat >>~/.ssh/authorized_keys' <~/.ssh/id_ecdsa.pub

#@ vault
systemctl restart ssh
