#!/usr/bin/env bash
# Such a timer doesn't look at the clock, and has nothing that Persistent= could refer to.
# fails: timer.schedule, timer.memory
# after: solution
systemctl stop sweep.timer
sed -i "s/^OnCalendar=.*/OnActiveSec=${every}min\nOnUnitActiveSec=${every}min/" /etc/systemd/system/sweep.timer
systemctl daemon-reload
systemctl start sweep.timer
