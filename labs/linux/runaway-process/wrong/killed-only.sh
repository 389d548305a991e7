#!/usr/bin/env bash
# However hard it is hit, it is started again.
# fails: runaway.gone, runaway.stays-gone, runaway.next-boot
pkill -KILL -f "grinder --lot $lot\$"
pkill -KILL -f "hoarder --bay $bay\$"
sleep 1
