#!/bin/bash
awk -v want="badge=$badge" '$1 !~ /^#/ && $4 == want && $6 == "result=refused"' /var/log/gate/access.log > /root/refused.txt
awk '$1 !~ /^#/ { sub("client=", "", $5); seen[$5] } END { for (c in seen) print c }' /var/log/gate/access.log |
    sort -t . -n -k 1,1 -k 2,2 -k 3,3 -k 4,4 > /root/clients.txt
awk '$1 !~ /^#/ { split($1, t, "[T:]"); if (t[2] + 0 >= 22 || t[2] + 0 < 6) n++ } END { print n + 0 }' \
    /var/log/gate/access.log > /root/night.txt
