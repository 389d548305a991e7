#!/usr/bin/env bash
# vault takes everything: passwords, root, keys. mina's directory for keys is open to her group.
#@ vault
for user in mina otto; do
    useradd --create-home --shell /bin/bash "$user"
done
usermod --password "\$6\$rungrung\$1QYc56lC2/AzgK9SMF5xm9/PDB.AsYHd3bXrPirt4bgoVrUmNyxDx/iOU82IetDVyA.iLmfqcZg1z6gGcDAeE1" mina
usermod --password "\$6\$rungrung\$sngCyd5bn1kFSrrXqFQG3E67hfALzr33xdGJE5duyUzRTgXj02/Lnk4aTJ1ZXSyPkQuLstJDOhfUANltpjMG4/" otto
usermod --password "\$6\$rungrung\$Kxvf3pVWvVmrQk/nuhqWZvYyx3OfaCOHQbQv1LTjfRuTTni37cuyBbl1ckVED8iQd6Yjzg51cmRhN/7Hr0BrG1" root
install -d -o mina -g mina -m 0775 /home/mina/.ssh
install -o mina -g mina -m 0600 /dev/null /home/mina/.ssh/authorized_keys
mkdir -p /etc/ssh/sshd_config.d
cat >/etc/ssh/sshd_config.d/10-supplier.conf <<'CONF'
# Settings of the supplier, so that his service can always get in
PasswordAuthentication yes
PermitRootLogin yes
CONF
systemctl restart ssh.service

#@ desk
for user in mina otto; do
    useradd --create-home --shell /bin/bash "$user"
done
install -d -o otto -g otto -m 0700 /home/otto/.ssh
key=/home/otto/.ssh/id_ed25519
ssh-keygen -q -t ed25519 -N '' -C otto@desk -f "$key"
# otto's key travels once, by password, to his own account and to root's.
askpass=/run/askpass
for login in otto:otto-knows-7 root:vault-root-3; do
    printf '#!/bin/sh\necho %s\n' "${login#*:}" >"$askpass"
    chmod 755 "$askpass"
    SSH_ASKPASS=$askpass SSH_ASKPASS_REQUIRE=force ssh -o StrictHostKeyChecking=accept-new -o PreferredAuthentications=password \
        "${login%%:*}@vault" 'mkdir -p -m 700 .ssh && cat >>.ssh/authorized_keys' <"$key.pub"
done
rm "$askpass"
install -o otto -g otto -m 0600 /root/.ssh/known_hosts /home/otto/.ssh/known_hosts
chown otto:otto "$key" "$key.pub"
rm -rf /root/.ssh
