#!/usr/bin/env bash
# fails: service.succeeds, timer.schedule, timer.memory, timer.lasting
rm /srv/workshop/*.shaving
systemctl reset-failed sweep.service
