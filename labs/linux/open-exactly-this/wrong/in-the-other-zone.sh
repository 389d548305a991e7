#!/usr/bin/env bash
# The right doors of the zone that was the wrong one.
# fails: zone.default, zone.interface
firewall-cmd --permanent --zone=work --add-port="$web/tcp"
firewall-cmd --permanent --zone=work --remove-port="$old/tcp"
firewall-cmd --reload
