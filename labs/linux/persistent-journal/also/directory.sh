#!/usr/bin/env bash
# Storage=auto asks for the directory only.
printf '[Journal]\nSystemMaxUse=%sM\n' "$limit" >/etc/systemd/journald.conf.d/50-diskless.conf
mkdir /var/log/journal
systemd-tmpfiles --create --prefix /var/log/journal
systemctl restart systemd-journald
journalctl --flush
