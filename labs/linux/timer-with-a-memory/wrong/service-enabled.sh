#!/usr/bin/env bash
# The service runs at every boot now, and the timer until the next one only.
# fails: timer.lasting
# after: solution
systemctl disable sweep.timer
systemctl enable sweep.service
