#!/usr/bin/env bash
# The tide is not asked for by harbor.service; it is started at boot anyhow, and the order is right.
mkdir -p /etc/systemd/system/{tide,harbor}.service.d
printf '[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/tide.service.d/install.conf
cat >/etc/systemd/system/harbor.service.d/override.conf <<'UNIT'
[Service]
Type=exec
User=harbor
RuntimeDirectory=harbor
Restart=on-abnormal
UNIT
systemctl daemon-reload
systemctl enable --now tide.service
systemctl enable --now harbor.service
