#!/usr/bin/env bash
# The last message is written down and said again; the others are gone.
# fails: keep.yesterday
last=$(journalctl -q -t tide-gauge -o cat -n 1)
printf '[Journal]\nStorage=persistent\nSystemMaxUse=%sM\n' "$limit" >/etc/systemd/journald.conf.d/90-disk.conf
rm -rf /run/log/journal
systemctl restart systemd-journald
echo "$last" | systemd-cat -t tide-gauge
journalctl --sync
