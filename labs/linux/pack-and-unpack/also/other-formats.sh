#!/bin/bash
# Holes kept as holes, another of tar's formats, names from the root; one member by a pattern, its directory cut off.
tar -C / --sparse --format=posix --sort=name -cf - srv/studio | bzip2 -1 > /root/studio.tar.bz2
mkdir -p /srv/delivery /srv/accounts
tar --numeric-owner -C /srv/delivery -xf /root/incoming/delivery.tar.gz --same-permissions
cd /srv/accounts
tar --wildcards --transform 's|.*/||' -xf /root/incoming/ledger.tar "*/$month.csv"
