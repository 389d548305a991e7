#!/usr/bin/env bash
# Everything is set up, the right key as the second of two, and nothing is installed yet.
# fails: lantern.installed, lantern.key, lantern.by-dnf
rm /etc/yum.repos.d/house.repo
mkdir -p /etc/pki
cp /srv/repo/signed/RPM-GPG-KEY-lab /etc/pki/lab.key
cat >/etc/yum.repos.d/lab.repo <<'REPO'
[lab-signed]
name=signed
baseurl=http://localhost:8000/signed/
gpgcheck=1
gpgkey=file:///etc/pki/no.key file:///etc/pki/lab.key

[lab-plain]
name=plain
baseurl=http://localhost:8000/plain/
gpgcheck=0
REPO
