#!/usr/bin/env bash
# The drop-in goes, the main file speaks.
rm /etc/systemd/journald.conf.d/50-diskless.conf
sed -i -e 's/^#Storage=.*/Storage=persistent/' -e "s/^#SystemMaxUse=.*/SystemMaxUse=$((limit * 1024))K/" /etc/systemd/journald.conf
systemctl restart systemd-journald
journalctl --flush
