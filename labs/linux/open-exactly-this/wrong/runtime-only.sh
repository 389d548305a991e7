#!/usr/bin/env bash
# Right until the next restart; --set-default-zone alone writes itself down.
# fails: zone.bound, web.open, closed.zone, web.visitor after reboot, closed.visitor after reboot
firewall-cmd --set-default-zone="$zone"
firewall-cmd --zone="$zone" --change-interface=eth0
firewall-cmd --zone="$zone" --add-port="$web/tcp"
firewall-cmd --zone="$zone" --remove-port="$old/tcp"
