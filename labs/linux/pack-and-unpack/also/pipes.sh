#!/bin/bash
cd /srv/studio
tar -cf - . | bzip2 > /root/studio.tar.bz2
mkdir /srv/delivery /srv/accounts
cd /srv/delivery
xz -dc < /root/incoming/delivery.tar.gz | tar -xp --same-owner
tar -xOf /root/incoming/ledger.tar "accounts/$month.csv" > "/srv/accounts/$month.csv"
