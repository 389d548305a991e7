#!/usr/bin/env bash
# fails: runaway.next-boot
systemctl stop millwright.service
pkill -KILL -f "hoarder --bay $bay\$"
