#!/usr/bin/env bash
systemd-analyze cat-config systemd/journald.conf
cat >/etc/systemd/journald.conf.d/90-disk.conf <<CONF
[Journal]
Storage=persistent
SystemMaxUse=${limit}M
CONF
systemctl restart systemd-journald
journalctl --flush
journalctl -t tide-gauge --no-pager
