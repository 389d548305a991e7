#!/usr/bin/env bash
# fails: limit.in_force
printf '[Journal]\nStorage=persistent\n\n[Manager]\nSystemMaxUse=%sM\n' "$limit" >/etc/systemd/journald.conf.d/90-disk.conf
systemctl restart systemd-journald
journalctl --flush
