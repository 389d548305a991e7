#!/usr/bin/env bash
ss -ltnp
systemctl status --no-pager pressweb.socket pressweb.service || true
systemctl disable --now old-pressd.service
systemctl unmask pressweb.socket
mkdir -p /etc/systemd/system/pressweb.socket.d
cat >/etc/systemd/system/pressweb.socket.d/outside.conf <<UNIT
[Socket]
ListenStream=
ListenStream=$port
UNIT
systemctl daemon-reload
systemctl enable --now pressweb.socket

#@ desk
curl -s "http://press:$port/"
