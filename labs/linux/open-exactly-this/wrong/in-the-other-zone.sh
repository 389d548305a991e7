#!/usr/bin/env bash
# The right doors of the zone that is the wrong one.
# fails: zone.default, zone.bound, web.open, closed.zone
firewall-cmd --permanent --zone=dmz --add-port="$web/tcp"
firewall-cmd --permanent --zone=dmz --remove-port="$old/tcp"
firewall-cmd --reload
