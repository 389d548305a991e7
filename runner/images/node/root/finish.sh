#!/bin/sh
# Turns a root tree with the listed packages into the ground that nodes stand on. Runs inside that tree.
# $1: the folder that holds this script, shared.sh and overlay/.
set -eu
here=$1

sh "$here/shared.sh" "$here"
cp "$(command -v busybox)" /usr/lib/rung/busybox
cp "$(command -v bash-static)" /usr/lib/rung/bash

# A node could set what is the whole computer's; what its distribution would set there is none of its business.
rm -f /usr/lib/sysctl.d/*-protect-links.conf /usr/lib/sysctl.d/*-pid-max.conf

# Units that would do the host's work, and timers that a node of a lab does not live long enough for.
systemctl mask --quiet \
    systemd-binfmt.service systemd-ask-password-console.path systemd-ask-password-wall.path \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service
systemctl disable --quiet rsyslog.service nftables.service
systemctl enable --quiet ssh.service rung-host-key.service
sed -i 's/^#ReadKMsg=.*/ReadKMsg=no/' /etc/systemd/journald.conf

# Where the container runtime looks for network plugins.
mkdir -p /opt/cni /etc/cni/net.d /etc/kubernetes/manifests
ln -s /usr/lib/cni /opt/cni/bin

# As in an exam: bash with completion, vim, no password for root.
sed -i '/^#if ! shopt -oq posix; then/,/^#fi/s/^#//' /etc/bash.bashrc
update-alternatives --quiet --set editor /usr/bin/vim.basic
passwd --quiet --lock root
echo 'LANG=C.UTF-8' > /etc/default/locale
rm -f /etc/update-motd.d/10-uname
: > /etc/motd

apt-get clean
find /var/lib/apt/lists /var/log /var/cache/apt -type f -delete
touch /etc/.updated /var/.updated
