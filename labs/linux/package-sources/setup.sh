#!/usr/bin/env bash
mkdir -p /etc/yum.repos.d
cat >/etc/yum.repos.d/house.repo <<'REPO'
[house]
name=Packages of the house
baseurl=http://mirror.invalid:8000/house/
enabled=1
REPO
systemctl --quiet enable --now lab-repo.service
