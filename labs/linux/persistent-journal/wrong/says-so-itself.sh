#!/usr/bin/env bash
# A message that looks like journald's own, and no limit.
# fails: limit.in_force
printf '[Journal]\nStorage=persistent\n' >/etc/systemd/journald.conf.d/90-disk.conf
systemctl restart systemd-journald
journalctl --flush
logger --journald <<MESSAGE
MESSAGE_ID=ec387f577b844b8fa948f33cad9a75e6
JOURNAL_NAME=System Journal
MAX_USE=$((limit * 1024 * 1024))
MESSAGE=System Journal is within its limit
MESSAGE
journalctl --sync
