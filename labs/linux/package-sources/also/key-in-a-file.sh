#!/usr/bin/env bash
# A file for each repository, the key fetched first.
mv /etc/yum.repos.d/house.repo /root/house.repo.old
mkdir -p /etc/pki/rpm-gpg
curl -s -o /etc/pki/rpm-gpg/RPM-GPG-KEY-lab http://localhost:8000/signed/RPM-GPG-KEY-lab
printf '[signed]\nname=signed\nbaseurl=http://localhost:8000/signed/\ngpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-lab\n' \
    >/etc/yum.repos.d/signed.repo
printf '[plain]\nname=plain\nbaseurl=http://localhost:8000/plain/\ngpgcheck=0\n' >/etc/yum.repos.d/plain.repo
dnf -y install lantern
