#!/usr/bin/env bash
dnf -y upgrade lantern
dnf -y provides /usr/bin/beacon
dnf -y install signal-tools
dnf -y remove legacy-lantern
rpm -V buoy || true
rm /etc/buoy.conf
dnf -y reinstall buoy
rpm -V buoy
dnf -y install /srv/media/harbour-map-1.0-1.noarch.rpm
