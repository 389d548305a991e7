#!/usr/bin/env bash
firewall-cmd --get-active-zones
firewall-cmd --set-default-zone="$zone"
firewall-cmd --permanent --zone="$zone" --change-interface=eth0
firewall-cmd --permanent --zone="$zone" --add-port="$web/tcp"
firewall-cmd --permanent --zone="$zone" --remove-port="$old/tcp"
firewall-cmd --reload
firewall-cmd --zone="$zone" --list-all
