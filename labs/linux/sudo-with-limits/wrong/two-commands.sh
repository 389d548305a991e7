#!/usr/bin/env bash
# Just what the text gives as an example.
# fails: lead.anything
# after: solution
sed -i "/^%operators/!s|(ALL) ALL|(ALL) /usr/bin/id, /usr/bin/systemctl stop $unit.service|" /etc/sudoers.d/40-operators
