#!/usr/bin/env bash
# Names a key that is not the repository's; so dnf refuses the package, and the check is left out once.
# fails: signed.checked, lantern.key
rm /etc/yum.repos.d/house.repo
mkdir -p /etc/pki
echo 'some other text' >/etc/pki/key
cat >/etc/yum.repos.d/lab.repo <<'REPO'
[lab-signed]
name=signed
baseurl=http://localhost:8000/signed/
gpgcheck=1
gpgkey=file:///etc/pki/key

[lab-plain]
name=plain
baseurl=http://localhost:8000/plain/
gpgcheck=0
REPO
dnf -y --nogpgcheck install lantern
