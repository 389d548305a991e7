#!/usr/bin/env bash
# rpm does it from files if you look after what belongs together.
cd /srv/repo
rpm -U signed/lantern-1.1-1.noarch.rpm
rpm -i signed/signal-tools-2.3-1.noarch.rpm
rpm -e lantern-theme legacy-lantern
rpm -e buoy
rm -f /etc/buoy.conf.rpmsave
rpm -i signed/buoy-1.1-1.noarch.rpm
rpm -i plain/tide-tables-1.0-1.noarch.rpm /srv/media/harbour-map-1.0-1.noarch.rpm
