#!/usr/bin/env bash
# The page comes from something else, and pressweb is as dead as before.
# fails: page.pressweb
systemctl disable --now old-pressd.service
cat >/etc/systemd/system/stopgap.service <<UNIT
[Service]
ExecStart=/usr/local/lib/pressweb/stopgap /srv/press/page 0.0.0.0:$port

[Install]
WantedBy=multi-user.target
UNIT
cp /usr/local/sbin/pressweb /usr/local/lib/pressweb/stopgap
systemctl daemon-reload
systemctl enable --now stopgap.service
