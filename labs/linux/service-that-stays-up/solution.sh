#!/usr/bin/env bash
systemctl status --no-pager harbor.service || true
journalctl --no-pager -u harbor.service
mkdir -p /etc/systemd/system/harbor.service.d
cat >/etc/systemd/system/harbor.service.d/local.conf <<'UNIT'
[Unit]
Requires=tide.service

[Service]
Type=simple
User=harbor
RuntimeDirectory=harbor
Restart=on-failure
UNIT
systemctl daemon-reload
systemctl enable harbor.service
systemctl restart harbor.service
sleep 1
systemctl status --no-pager harbor.service
