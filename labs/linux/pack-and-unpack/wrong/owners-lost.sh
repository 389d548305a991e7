#!/bin/bash
# fails: unpack.tree, unpack.plate
# after: solution
# Unpacked as an ordinary user would: everything belongs to whoever did it.
rm -rf /srv/delivery
mkdir /srv/delivery
tar -C /srv/delivery --no-same-owner --no-same-permissions -xf /root/incoming/delivery.tar.gz
