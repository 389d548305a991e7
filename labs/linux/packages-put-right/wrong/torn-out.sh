#!/usr/bin/env bash
# One is removed by force, and the other is left without it.
# fails: unwanted.sound
# after: solution
cd /srv/repo/plain
rpm -i --nodeps lantern-theme-0.4-1.noarch.rpm
