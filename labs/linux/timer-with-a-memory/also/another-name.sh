#!/usr/bin/env bash
# A drop-in for the service, a timer of another name, each minute written out.
mkdir -p /etc/systemd/system/sweep.service.d
printf '[Service]\nExecStart=\nExecStart=/usr/local/lib/workshop/sweep\n' >/etc/systemd/system/sweep.service.d/path.conf
minutes=$(seq -s, 0 "$every" 59)
cat >/etc/systemd/system/broom.timer <<UNIT
[Timer]
Unit=sweep.service
OnCalendar=*-*-* *:$minutes:00
Persistent=yes

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl start sweep
systemctl enable --now broom.timer
