#!/usr/bin/env bash
# The setting stands in the section where it means nothing.
# fails: revive.restart
# after: solution
sed -i -e '/^Restart=/d' -e 's/^\[Unit\]/[Unit]\nRestart=always/' /etc/systemd/system/harbor.service.d/local.conf
systemctl daemon-reload
systemctl restart harbor.service
