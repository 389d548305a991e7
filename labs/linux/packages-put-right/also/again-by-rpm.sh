#!/usr/bin/env bash
# rpm puts the same version on top of itself; the rest is one command of dnf for each wish.
dnf -y install lantern-1.1 signal-tools
dnf -y remove lantern-theme
dnf -y remove legacy-lantern
rm -f /etc/buoy.conf /usr/bin/buoy
rpm --reinstall /srv/repo/signed/buoy-1.1-1.noarch.rpm || rpm -U --replacepkgs /srv/repo/signed/buoy-1.1-1.noarch.rpm
cd /srv/media
dnf -y install ./harbour-map-1.0-1.noarch.rpm
