#!/usr/bin/env bash
dnf repolist -v || true
rm /etc/yum.repos.d/house.repo
cat >/etc/yum.repos.d/lab.repo <<'REPO'
[lab-signed]
name=Signed packages
baseurl=http://localhost:8000/signed/
enabled=1
gpgcheck=1
gpgkey=http://localhost:8000/signed/RPM-GPG-KEY-lab

[lab-plain]
name=Other packages
baseurl=http://localhost:8000/plain/
enabled=1
gpgcheck=0
REPO
dnf repolist
dnf -y install lantern
