#!/usr/bin/env bash
mkdir -p /srv/workshop /usr/local/lib/workshop /var/lib/workshop
for n in 1 2 3 4 5; do
    echo "spruce, $(((RUNG_SEED + n) % 9 + 1)) g" >"/srv/workshop/cut-$n.shaving"
done
echo "a chest with five drawers" >/srv/workshop/plan.txt
cat >/usr/local/lib/workshop/sweep <<'SCRIPT'
#!/bin/sh
# Notes who swept; a process that systemd started for a unit knows it by its control group.
by=hand
if grep -q '/sweep\.service$' /proc/self/cgroup; then
    by=sweep.service
fi
find /srv/workshop -name '*.shaving' -delete
echo "swept by $by" >/var/lib/workshop/last-sweep
echo "the floor is clean"
SCRIPT
chmod 755 /usr/local/lib/workshop/sweep
cat >/etc/systemd/system/sweep.service <<'UNIT'
[Unit]
Description=Sweeps the workshop

[Service]
Type=oneshot
ExecStart=/usr/local/lib/shop-floor/sweep

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl start sweep.service 2>/dev/null || true
