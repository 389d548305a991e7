#!/usr/bin/env bash
# /run is empty after a restart.
# fails: up.lasting after reboot, up.user after reboot
# after: solution
sed -i '/^RuntimeDirectory=/d' /etc/systemd/system/harbor.service.d/local.conf
systemctl daemon-reload
systemctl stop harbor.service
install -d -o harbor /run/harbor
systemctl start harbor.service
