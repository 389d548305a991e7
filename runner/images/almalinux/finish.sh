#!/bin/sh
# As linux/finish.sh, in AlmaLinux's words. $1: the folder that holds this script, shared.sh and overlay/.
set -eu
here=$1

sh "$here/shared.sh" "$here"
systemctl mask --quiet dnf-makecache.timer
# One host key, made at first boot by Rung's own unit; sshd's template makes three.
systemctl mask --quiet sshd-keygen@rsa.service sshd-keygen@ecdsa.service sshd-keygen@ed25519.service
sed -i 's/Before=ssh.service/Before=sshd.service/' /usr/lib/systemd/system/rung-host-key.service
for unit in firewalld NetworkManager NetworkManager-dispatcher tuned chronyd dnsmasq; do
    systemctl disable --quiet "$unit.service" 2> /dev/null || true
done
systemctl enable --quiet sshd.service crond.service atd.service rsyslog.service rung-host-key.service

passwd --quiet --lock root 2> /dev/null || passwd -l root
echo 'LANG=C.UTF-8' > /etc/locale.conf
mandb --quiet --create
find /var/log -type f -delete
touch /etc/.updated /var/.updated
