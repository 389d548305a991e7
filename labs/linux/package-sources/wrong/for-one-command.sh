#!/usr/bin/env bash
# Both are there and switched off; one command is told otherwise.
# fails: signed.known, signed.checked, plain.known, plain.unchecked
# after: solution
dnf -y remove lantern
sed -i 's/^enabled=1/enabled=0/' /etc/yum.repos.d/lab.repo
dnf -y --enablerepo=lab-signed install lantern
