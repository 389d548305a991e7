#!/usr/bin/env bash
# The unit is masked, so that it can't restart anything, and the processes are named by exact patterns.
systemctl disable millwright.service
mv /etc/systemd/system/millwright.service /root/
systemctl mask millwright.service
systemctl stop millwright.service || true
pkill -f "grinder --lot $lot\$" || true
pkill -KILL -f "hoarder --bay $bay\$"
