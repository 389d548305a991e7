#!/usr/bin/env bash
# A service of one's own, everything first in the running firewall, then written down.
firewall-cmd --permanent --new-service=shop-page
firewall-cmd --permanent --service=shop-page --add-port="$web/tcp"
firewall-cmd --reload
firewall-cmd --set-default-zone="$zone"
firewall-cmd --zone="$zone" --change-interface=eth0
firewall-cmd --add-service=shop-page
firewall-cmd --remove-port="$old/tcp"
firewall-cmd --runtime-to-permanent
