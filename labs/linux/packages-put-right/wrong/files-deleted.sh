#!/usr/bin/env bash
# The files are gone, and rpm still believes in them.
# fails: unwanted.legacy
# after: solution
cd /srv/repo/plain
rpm -i legacy-lantern-0.9-1.noarch.rpm
rm /usr/bin/legacy-lantern
