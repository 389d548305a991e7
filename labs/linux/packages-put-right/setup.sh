#!/usr/bin/env bash
systemctl --quiet enable --now lab-repo.service
mkdir -p /etc/yum.repos.d
cat >/etc/yum.repos.d/harbour.repo <<'REPO'
[harbour]
name=Tools of the harbour
baseurl=http://localhost:8000/signed/
gpgcheck=1
gpgkey=http://localhost:8000/signed/RPM-GPG-KEY-lab

[harbour-extra]
name=Further tools of the harbour
baseurl=http://localhost:8000/plain/
gpgcheck=0
REPO
cd /srv/repo
rpm --import signed/RPM-GPG-KEY-lab
rpm -i signed/lantern-1.0-1.noarch.rpm signed/lantern-data-1.0-1.noarch.rpm signed/buoy-1.1-1.noarch.rpm \
    plain/legacy-lantern-0.9-1.noarch.rpm plain/lantern-theme-0.4-1.noarch.rpm 2>/dev/null
echo "interval=$((RUNG_SEED % 50 + 60))" >/etc/buoy.conf
printf '#!/bin/sh\necho "buoy, mended by the night shift"\n' >/usr/bin/buoy
chmod 0777 /usr/bin/buoy
