#!/usr/bin/env bash
# Written down for the next restart, and nothing has happened yet.
# fails: zone.bound, web.visitor, web.open, closed.visitor, closed.zone
firewall-cmd --set-default-zone="$zone"
firewall-cmd --permanent --zone="$zone" --change-interface=eth0
firewall-cmd --permanent --zone="$zone" --add-port="$web/tcp"
firewall-cmd --permanent --zone="$zone" --remove-port="$old/tcp"
