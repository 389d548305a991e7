#!/usr/bin/env bash
# The unit itself is not enabled: the target that every boot heads for asks for it. A wrapper makes the directory.
mkdir -p /etc/systemd/system/{multi-user.target,harbor.service}.d
printf '[Unit]\nWants=tide.service harbor.service\n' >/etc/systemd/system/multi-user.target.d/harbor.conf
cat >/etc/systemd/system/harbor.service.d/10-own.conf <<'UNIT'
[Service]
Type=simple
User=harbor
ExecStartPre=+/usr/bin/install -d -o harbor /run/harbor
Restart=on-abort
UNIT
systemctl daemon-reload
systemctl start tide.service harbor.service
