#!/usr/bin/env bash
# A unit of one's own in /etc, and a directory that systemd-tmpfiles makes at boot.
echo 'd /run/harbor 0755 harbor harbor' >/etc/tmpfiles.d/harbor.conf
systemd-tmpfiles --create harbor.conf
cat >/etc/systemd/system/harbor.service <<'UNIT'
[Unit]
Description=Harbour master
Wants=tide.service
After=tide.service

[Service]
User=harbor
ExecStart=/usr/local/lib/harbor/harbord
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now harbor
