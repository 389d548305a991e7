#!/usr/bin/env bash
# fails: hoarder.gone
systemctl disable --now millwright.service
pkill -TERM -f "hoarder --bay $bay\$"
sleep 0.2
