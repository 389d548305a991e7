#!/usr/bin/env bash
# All of a name, whatever they do.
# fails: runaway.busy, hoarder.others
systemctl disable --now millwright.service
pkill -KILL grinder
pkill -KILL hoarder
sleep 0.2
