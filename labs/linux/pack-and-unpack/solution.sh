#!/bin/bash
tar -C /srv -cjf /root/studio.tar.bz2 studio
file /root/incoming/delivery.tar.gz || true
mkdir -p /srv/delivery
tar -C /srv/delivery -xpf /root/incoming/delivery.tar.gz
tar -C /srv -xf /root/incoming/ledger.tar "accounts/$month.csv"
