#!/usr/bin/env bash
for user in sofia tomas; do
    useradd --create-home --shell /bin/bash "$user"
done
# tomas has no start-up files of his own, as an account from a directory service would.
rm -f /home/tomas/.profile /home/tomas/.bashrc /home/tomas/.bash_logout

useradd --system --home-dir /var/lib/inkwell --create-home --shell /usr/sbin/nologin inkwell
mkdir -p /usr/local/lib/inkwell
cat >/usr/local/lib/inkwell/write <<'SCRIPT'
#!/bin/sh
rm -f /var/lib/inkwell/page
echo "the secret book, page $1" >/var/lib/inkwell/page
exec sleep infinity
SCRIPT
chmod 755 /usr/local/lib/inkwell/write
cat >/etc/systemd/system/inkwell.service <<UNIT
[Unit]
Description=Keeps the secret book

[Service]
User=inkwell
ExecStart=/usr/local/lib/inkwell/write $((RUNG_SEED % 90 + 10))

[Install]
WantedBy=multi-user.target
UNIT
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -s ../inkwell.service /etc/systemd/system/multi-user.target.wants/inkwell.service
systemctl daemon-reload
systemctl start inkwell.service
until [ -e /var/lib/inkwell/page ]; do
    sleep 0.02
done
