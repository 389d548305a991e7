#!/usr/bin/env bash
# The shop's units: the show window that is booted now, and the quiet hour.
mkdir -p /var/lib/shop /usr/local/lib/shop
cd /etc/systemd/system

cat >showroom.target <<'UNIT'
[Unit]
Description=Show window
Requires=multi-user.target
After=multi-user.target
Wants=jukebox.service
AllowIsolate=yes
UNIT

cat >jukebox.service <<'UNIT'
[Unit]
Description=Juke box

[Service]
ExecStart=/usr/bin/sleep infinity
UNIT

cat >door.service <<'UNIT'
[Unit]
Description=Door of the shop

[Service]
ExecStart=/usr/bin/sleep infinity

[Install]
WantedBy=multi-user.target
UNIT

# The system bus and the log-in manager stay, or nobody could work in the quiet hour.
cat >quiet.target <<'UNIT'
[Unit]
Description=Quiet hour
Requires=basic.target
After=basic.target
Wants=stocktake.service dbus.service systemd-logind.service systemd-user-sessions.service
AllowIsolate=yes
UNIT

cat >stocktake.service <<'UNIT'
[Unit]
Description=Stocktaking
RefuseManualStart=yes
After=multi-user.target door.service jukebox.service

[Service]
Type=oneshot
ExecStart=/usr/local/lib/shop/stocktake
UNIT

cat >/usr/local/lib/shop/stocktake <<SCRIPT
#!/bin/sh
for unit in door.service multi-user.target; do
    if systemctl --quiet is-active "\$unit"; then
        echo "\$unit is active, so the shop is open: no counting" >&2
        exit 1
    fi
done
# A process that systemd started for a unit knows it by its control group.
by=hand
if grep -q '/stocktake\.service\$' /proc/self/cgroup; then
    by=stocktake.service
fi
echo "$pieces pieces in stock, counted by \$by" >/var/lib/shop/stocktake
echo "counted"
SCRIPT
chmod 755 /usr/local/lib/shop/stocktake

ln -sfn /etc/systemd/system/showroom.target default.target
mkdir -p multi-user.target.wants
ln -s ../door.service multi-user.target.wants/door.service
systemctl daemon-reload
systemctl start showroom.target door.service
