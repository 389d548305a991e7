#!/usr/bin/env bash
# A whole unit in /etc takes the place of the package's.
systemctl stop old-pressd.service
rm /etc/systemd/system/multi-user.target.wants/old-pressd.service /etc/systemd/system/old-pressd.service
rm /etc/systemd/system/pressweb.socket
sed 's/127\.0\.0\.1/0.0.0.0/' /usr/lib/systemd/system/pressweb.socket >/etc/systemd/system/pressweb.socket
systemctl daemon-reload
systemctl enable --now pressweb.socket
