#!/usr/bin/env bash
# What goes is removed for good, what comes is tried first and then kept; the port has a service of its own.
# (--runtime-to-permanent itself doesn't remove a zone's last port.)
firewall-cmd --permanent --new-service=shop-page
firewall-cmd --permanent --service=shop-page --add-port="$web/tcp"
firewall-cmd --permanent --zone=dmz --remove-interface=eth0
firewall-cmd --permanent --zone="$zone" --remove-port="$old/tcp"
firewall-cmd --reload
firewall-cmd --set-default-zone="$zone"
firewall-cmd --zone="$zone" --change-interface=eth0
firewall-cmd --zone="$zone" --add-service=shop-page
firewall-cmd --runtime-to-permanent
