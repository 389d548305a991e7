#!/usr/bin/env bash
# fails: limit.in_force
rm /etc/systemd/journald.conf.d/50-diskless.conf
mkdir /var/log/journal
systemctl restart systemd-journald
journalctl --flush
journalctl --vacuum-size="${limit}M"
