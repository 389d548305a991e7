#!/usr/bin/env bash
# Nothing asks for it any more but the link that was made long ago.
# fails: runaway.next-boot
sed -i '/^\[Install\]/,$d' /etc/systemd/system/millwright.service
systemctl daemon-reload
systemctl stop millwright.service
pkill -KILL -f "hoarder --bay $bay\$"
