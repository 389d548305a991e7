#!/bin/bash
# fails: refused.lines
# after: solution
grep "badge=$badge" /var/log/gate/access.log | grep refused > /root/refused.txt
