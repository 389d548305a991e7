#!/usr/bin/env bash
# Visitors get the timetable, and everything else.
# fails: test-door.closed, test-door.firewalld, zone.default, zone.interface, timetable.ssh
# after: solution
systemctl disable --now firewalld.service
