#!/usr/bin/env bash
# A service with five faults: its user, its directory, its type, what it needs, and that nobody enabled it.
useradd --system --no-create-home --shell /usr/sbin/nologin harbor
mkdir -p /usr/local/lib/harbor

cat >/usr/local/lib/harbor/harbord <<'SCRIPT'
#!/bin/bash
# Watches the level and keeps the harbour's book in /run/harbor.
level=/run/tide/level
complain() {
    echo "harbord: $*" >&2
    exit 3
}
[ -d /run/harbor ] || complain "/run/harbor: there is no such directory for my book"
[ -w /run/harbor ] || complain "/run/harbor: I may not write there"
[ -e "$level" ] || complain "$level: no such file; tide.service writes it"
echo "harbord: ready"
while [ -e "$level" ]; do
    echo "open, level $(cat "$level")" >/run/harbor/book
    sleep 1
done
complain "$level has vanished"
SCRIPT

cat >/usr/local/lib/harbor/tide <<'SCRIPT'
#!/bin/sh
mkdir -p /run/tide
sleep 0.3
echo 214 >/run/tide/level
SCRIPT
chmod 755 /usr/local/lib/harbor/harbord /usr/local/lib/harbor/tide

cat >/usr/lib/systemd/system/tide.service <<'UNIT'
[Unit]
Description=Level of the tide

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/lib/harbor/tide
ExecStop=/usr/bin/rm -rf /run/tide
UNIT

cat >/usr/lib/systemd/system/harbor.service <<'UNIT'
[Unit]
Description=Harbour master
After=tide.service

[Service]
Type=notify
User=harbour
ExecStart=/usr/local/lib/harbor/harbord
TimeoutStartSec=5

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl start harbor.service 2>/dev/null || true
