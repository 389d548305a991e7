#!/usr/bin/env bash
# The right distance, counted from the wrong minute.
# fails: timer.schedule
# after: solution
systemctl stop sweep.timer
sed -i "s/^OnCalendar=.*/OnCalendar=*:3\/$every/" /etc/systemd/system/sweep.timer
systemctl daemon-reload
systemctl start sweep.timer
