#!/usr/bin/env bash
# The two ports were confused.
# fails: web.visitor, web.open, closed.visitor, closed.zone
# after: solution
firewall-cmd --permanent --zone="$zone" --remove-port="$web/tcp"
firewall-cmd --permanent --zone="$zone" --add-port="$old/tcp"
firewall-cmd --reload
