#!/bin/bash
# fails: remote.output, shell.over_ssh
# Done on node2's own console, and the inventory of the wrong person.
echo "node2: shelf $shelf is kept for root" > /root/inventory.txt
#@ node2
runuser -l archivist -c stamp
