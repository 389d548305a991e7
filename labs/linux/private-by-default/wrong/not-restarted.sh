#!/usr/bin/env bash
# The unit is right, and the process that runs is still the old one.
# fails: service.mask, service.page
cat >/etc/profile.d/private.sh <<'SH'
[ "$(id -u)" -eq 0 ] || umask 027
SH
cat /etc/profile.d/private.sh >>/etc/bash.bashrc
sed -i 's/^\[Service\]/[Service]\nUMask=0077/' /etc/systemd/system/inkwell.service
systemctl daemon-reload
