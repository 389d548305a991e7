#!/usr/bin/env bash
# A reinstallation leaves changed settings alone.
# fails: repair.verified
# after: solution
echo "interval=61" >/etc/buoy.conf
dnf -y reinstall buoy
