#!/usr/bin/env bash
# The two ports were confused.
# fails: timetable.reachable, test-door.closed
# after: solution
firewall-cmd --permanent --zone=public --remove-port="$web/tcp"
firewall-cmd --permanent --zone=public --add-port="$old/tcp"
firewall-cmd --reload
