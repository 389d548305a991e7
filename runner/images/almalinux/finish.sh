#!/bin/sh
# As linux/finish.sh, in AlmaLinux's words. $1: the folder that holds this script and overlay/.
set -eu
here=$1

cp -R "$here/overlay/." /
chmod 755 /usr/lib/rung/init /usr/lib/rung/prepare /usr/lib/rung/bin/*
for word in check tasks hint reset; do
    ln -sf "/usr/lib/rung/bin/$word" "/usr/local/bin/$word"
done
: > /etc/machine-id
rm -f /etc/ssh/ssh_host_* /var/lib/systemd/random-seed

systemctl mask --quiet \
    console-getty.service container-getty@.service getty@.service getty.target serial-getty@.service \
    systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
    systemd-udev-trigger.service systemd-udev-settle.service systemd-tmpfiles-setup-dev.service \
    systemd-networkd-wait-online.service NetworkManager-wait-online.service \
    systemd-remount-fs.service systemd-firstboot.service systemd-modules-load.service \
    dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-kernel-debug.mount \
    sys-kernel-tracing.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount \
    dnf-makecache.timer fstrim.timer
# One host key, made at first boot by Rung's own unit; sshd's template makes three.
systemctl mask --quiet sshd-keygen@rsa.service sshd-keygen@ecdsa.service sshd-keygen@ed25519.service
sed -i 's/Before=ssh.service/Before=sshd.service/' /usr/lib/systemd/system/rung-host-key.service
for unit in firewalld NetworkManager NetworkManager-dispatcher tuned chronyd dnsmasq; do
    systemctl disable --quiet "$unit.service" 2> /dev/null || true
done
systemctl enable --quiet sshd.service crond.service atd.service rsyslog.service rung-host-key.service
systemctl set-default --quiet multi-user.target

sed -i 's/^\(session *\)required\( *pam_loginuid.so\)/\1optional\2/' /etc/pam.d/*
sed -i '/imklog/d' /etc/rsyslog.conf
passwd --quiet --lock root 2> /dev/null || passwd -l root
echo 'LANG=C.UTF-8' > /etc/locale.conf
mandb --quiet --create
rm -rf /var/log/journal
find /var/log -type f -delete
touch /etc/.updated /var/.updated
