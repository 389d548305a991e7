#!/usr/bin/env bash
# Once an hour, and the memory is only a comment.
# fails: timer.schedule, timer.memory
# after: solution
systemctl stop sweep.timer
sed -i -e "s/^OnCalendar=.*/OnCalendar=*:$every/" -e 's/^Persistent/#Persistent/' /etc/systemd/system/sweep.timer
systemctl daemon-reload
systemctl start sweep.timer
