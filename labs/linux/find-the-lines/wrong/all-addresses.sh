#!/bin/bash
# fails: clients.addresses, night.number
# after: solution
# Readers' numbers look like addresses; comments are counted too.
grep -oE '([0-9]+\.){3}[0-9]+' /var/log/gate/access.log | sort -u > /root/clients.txt
grep -cE 'T(2[23]|0[0-5]):' /var/log/gate/access.log > /root/night.txt
