#!/usr/bin/env bash
# Both addresses now, and the second is already in use: the socket can't start.
# fails: page.from-desk, page.pressweb
systemctl disable --now old-pressd.service
systemctl unmask pressweb.socket
mkdir -p /etc/systemd/system/pressweb.socket.d
printf '[Socket]\nListenStream=0.0.0.0:%s\n' "$port" >/etc/systemd/system/pressweb.socket.d/outside.conf
systemctl daemon-reload
systemctl enable --now pressweb.socket || true
