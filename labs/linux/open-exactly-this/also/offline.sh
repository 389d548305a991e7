#!/usr/bin/env bash
# With the firewall stopped, written by the offline command, and a rule in the rich language.
systemctl stop firewalld.service
firewall-offline-cmd --set-default-zone="$zone"
firewall-offline-cmd --zone=dmz --remove-interface=eth0
firewall-offline-cmd --zone="$zone" --add-interface=eth0
firewall-offline-cmd --zone="$zone" --remove-port="$old/tcp"
firewall-offline-cmd --zone="$zone" --add-rich-rule="rule port port=\"$web\" protocol=\"tcp\" accept"
systemctl start firewalld.service
