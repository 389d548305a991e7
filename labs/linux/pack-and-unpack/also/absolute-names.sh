#!/bin/bash
tar --use-compress-program=bzip2 -cf /root/studio.tar.bz2 /srv/studio
mkdir -p /srv/delivery /srv/accounts
tar -xJf /root/incoming/delivery.tar.gz -C /srv/delivery
tar -xf /root/incoming/ledger.tar -C /srv/accounts --strip-components=1 "accounts/$month.csv"
