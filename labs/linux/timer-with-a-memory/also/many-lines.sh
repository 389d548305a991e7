#!/usr/bin/env bash
# A line for each minute; the program goes back to where the unit looks for it.
mkdir -p /usr/local/lib/shop-floor
cp /usr/local/lib/workshop/sweep /usr/local/lib/shop-floor/
{
    echo '[Timer]'
    for minute in $(seq 0 "$every" 59); do
        printf 'OnCalendar=*-*-* *:%02d:00\n' "$minute"
    done
    printf 'Persistent=1\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n'
} >/etc/systemd/system/sweep.timer
systemctl daemon-reload
systemctl start sweep.service
systemctl enable sweep.timer
systemctl start sweep.timer
