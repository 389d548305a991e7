#!/usr/bin/env bash
# The unit looks where it always did, and finds the program there by a link; the zone of the times is written down.
ln -s workshop /usr/local/lib/shop-floor
mkdir -p /usr/local/lib/systemd/system
cat >/usr/local/lib/systemd/system/half-hours.timer <<UNIT
[Timer]
OnCalendar=*-*-* *:00/$every:00 $(timedatectl show -P Timezone 2>/dev/null || echo UTC)
Persistent=on
AccuracySec=1us
Unit=sweep.service

[Install]
RequiredBy=timers.target
UNIT
systemctl daemon-reload
systemctl enable --now half-hours.timer
systemctl start sweep.service
