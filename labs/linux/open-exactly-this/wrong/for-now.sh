#!/usr/bin/env bash
# Only what is in force was changed.
# fails: zone.interface after reboot, timetable.reachable after reboot, test-door.closed after reboot
firewall-cmd --set-default-zone=public
firewall-cmd --zone=public --change-interface=eth0
firewall-cmd --zone=public --add-port="$web/tcp"
firewall-cmd --zone=public --remove-port="$old/tcp"
