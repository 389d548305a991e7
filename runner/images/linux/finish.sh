#!/bin/sh
# Turns a root tree with the listed packages into a machine. Runs inside that tree, at build time,
# whichever way the packages came in. $1: the folder that holds this script, shared.sh and overlay/.
set -eu
here=$1

sh "$here/shared.sh" "$here"
cp "$(command -v busybox)" /usr/lib/rung/busybox
cp "$(command -v bash-static)" /usr/lib/rung/bash

# Files that the engine mounts at first are the machine's own later (see prepare).
for file in /etc/hosts /etc/hostname /etc/resolv.conf; do
    [ -L "$file" ] && rm -f "$file"
    : > "$file"
done

# The rest of what the packages bring is installed, and off until a lab or a learner turns it on.
# (The two paths would take two of the 128 inotify instances that a host gives to all its machines.)
systemctl mask --quiet \
    systemd-ask-password-console.path systemd-ask-password-wall.path \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer man-db.timer \
    e2scrub_all.timer e2scrub_reap.service
for unit in firewalld NetworkManager NetworkManager-dispatcher tuned chrony wpa_supplicant dnsmasq nftables; do
    systemctl disable --quiet "$unit.service" 2> /dev/null || true
done
systemctl enable --quiet ssh.service cron.service atd.service rsyslog.service rung-host-key.service

# As in an exam: bash with completion, vim, no password for root.
sed -i '/^#if ! shopt -oq posix; then/,/^#fi/s/^#//' /etc/bash.bashrc
update-alternatives --quiet --set editor /usr/bin/vim.basic
passwd --quiet --lock root
echo 'LANG=C.UTF-8' > /etc/default/locale
# Indexing as root: the package's own way drops to user `man`, which may not own the cache at build time.
mandb --quiet --create

# A login shows the prompt, not a notice of the distribution's.
rm -f /etc/update-motd.d/10-uname
: > /etc/motd

apt-get clean
find /var/lib/apt/lists /var/log /var/cache/apt -type f -delete
# Users and caches are as the packages left them: no unit need bring them up to date at each first boot.
touch /etc/.updated /var/.updated
