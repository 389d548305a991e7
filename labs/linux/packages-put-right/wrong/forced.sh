#!/usr/bin/env bash
# The delivered package is in, and what it needs is not.
# fails: unwanted.sound
# after: solution
dnf -y remove tide-tables
rpm -i --nodeps /srv/media/harbour-map-1.0-1.noarch.rpm
