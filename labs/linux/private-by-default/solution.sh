#!/usr/bin/env bash
cat >/etc/profile.d/private.sh <<'SH'
if [ "$(id -u)" -ne 0 ]; then
    umask 027
fi
SH
cat >>/etc/bash.bashrc <<'SH'
if [ "$(id -u)" -ne 0 ]; then
    umask 027
fi
SH
mkdir -p /etc/systemd/system/inkwell.service.d
printf '[Service]\nUMask=0077\n' >/etc/systemd/system/inkwell.service.d/umask.conf
systemctl daemon-reload
systemctl restart inkwell.service
