#!/usr/bin/env bash
systemctl status --no-pager sweep.service || true
find / -xdev -name sweep -type f
sed -i 's|^ExecStart=.*|ExecStart=/usr/local/lib/workshop/sweep|' /etc/systemd/system/sweep.service
cat >/etc/systemd/system/sweep.timer <<UNIT
[Unit]
Description=Sweeps the workshop every $every minutes

[Timer]
OnCalendar=*:0/$every
Persistent=true

[Install]
WantedBy=timers.target
UNIT
systemctl daemon-reload
systemctl start sweep.service
systemctl enable --now sweep.timer
systemctl list-timers --no-pager
