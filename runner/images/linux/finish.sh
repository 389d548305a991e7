#!/bin/sh
# Turns a root tree with the listed packages into a machine. Runs inside that tree, at build time,
# whichever way the packages came in. $1: the folder that holds this script and overlay/.
set -eu
here=$1

cp -R "$here/overlay/." /
chmod 755 /usr/lib/rung/init /usr/lib/rung/prepare /usr/lib/rung/bin/*
cp "$(command -v busybox)" /usr/lib/rung/busybox
cp "$(command -v bash-static)" /usr/lib/rung/bash
for word in check tasks hint reset; do
    ln -sf "/usr/lib/rung/bin/$word" "/usr/local/bin/$word"
done

# Files that the engine mounts at first are the machine's own later (see prepare).
for file in /etc/hosts /etc/hostname /etc/resolv.conf; do
    [ -L "$file" ] && rm -f "$file"
    : > "$file"
done

# Each machine gets its own identity at its first boot.
: > /etc/machine-id
rm -f /etc/ssh/ssh_host_* /var/lib/systemd/random-seed

# Nothing of these makes sense without hardware, a console or a package mirror; the rest of what the
# packages bring is installed, and off until a lab or a learner turns it on.
# (The two paths would take two of the 128 inotify instances that a host gives to all its machines.)
systemctl mask --quiet \
    systemd-ask-password-console.path systemd-ask-password-wall.path \
    console-getty.service container-getty@.service getty@.service getty.target serial-getty@.service \
    systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
    systemd-udev-trigger.service systemd-udev-settle.service systemd-tmpfiles-setup-dev.service \
    systemd-networkd-wait-online.service NetworkManager-wait-online.service \
    systemd-remount-fs.service systemd-firstboot.service systemd-modules-load.service \
    dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-kernel-debug.mount \
    sys-kernel-tracing.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer man-db.timer \
    e2scrub_all.timer e2scrub_reap.service fstrim.timer
for unit in firewalld NetworkManager NetworkManager-dispatcher tuned chrony wpa_supplicant dnsmasq nftables; do
    systemctl disable --quiet "$unit.service" 2> /dev/null || true
done
systemctl enable --quiet ssh.service cron.service atd.service rsyslog.service rung-host-key.service
systemctl set-default --quiet multi-user.target

# The audit session of the engine's own login cannot be changed from inside, and logins do not need it.
sed -i 's/^session *required *pam_loginuid.so/session optional pam_loginuid.so/' /etc/pam.d/*
# The kernel's own log belongs to the host.
sed -i '/imklog/d' /etc/rsyslog.conf

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

# The journal is kept in memory until a learner makes it last, as on the exam's system.
rm -rf /var/log/journal

apt-get clean
find /var/lib/apt/lists /var/log /var/cache/apt -type f -delete
# Users and caches are as the packages left them: no unit need bring them up to date at each first boot.
touch /etc/.updated /var/.updated
