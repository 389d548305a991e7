#!/bin/bash
# fails: pick.month, pick.only
# after: solution
# The member brings its directory along.
rm -r /srv/accounts
mkdir /srv/accounts
tar -C /srv/accounts -xf /root/incoming/ledger.tar "accounts/$month.csv"
