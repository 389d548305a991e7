#!/usr/bin/env bash
# dnf waits for the dead server and goes on without it.
# fails: dead.forgotten
# after: solution
printf '[house]\nname=house\nbaseurl=http://mirror.invalid:8000/house/\nskip_if_unavailable=1\n' >/etc/yum.repos.d/house.repo
