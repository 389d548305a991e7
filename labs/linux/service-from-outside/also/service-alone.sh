#!/usr/bin/env bash
# The socket stays masked; the service listens everywhere by itself.
systemctl disable --now old-pressd.service
mkdir -p /etc/systemd/system/pressweb.service.d
cat >/etc/systemd/system/pressweb.service.d/listen.conf <<UNIT
[Service]
ExecStart=
ExecStart=/usr/local/sbin/pressweb /srv/press/page 0.0.0.0:$port
UNIT
systemctl daemon-reload
systemctl enable --now pressweb.service
