#!/usr/bin/env bash
# Everything upgraded, the path installed by its name, the changed settings kept elsewhere.
dnf -y upgrade
dnf -y install /usr/bin/beacon tide-tables
dnf -y remove legacy-lantern lantern-theme
mv /etc/buoy.conf /root/buoy.conf.night-shift
dnf -y reinstall buoy
dnf -y localinstall /srv/media/harbour-map*.rpm
