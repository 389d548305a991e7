#!/usr/bin/env bash
# What can be restarted may as well be started.
# fails: operators.no-more
# after: solution
sed -i "s|restart $unit.service|&, /usr/bin/systemctl start $unit.service|" /etc/sudoers.d/40-operators
