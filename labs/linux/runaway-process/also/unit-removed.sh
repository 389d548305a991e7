#!/usr/bin/env bash
systemctl stop millwright
rm /etc/systemd/system/millwright.service /etc/systemd/system/multi-user.target.wants/millwright.service
systemctl daemon-reload
kill -9 "$(pgrep -f "hoarder --bay $bay")"
