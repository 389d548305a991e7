#!/usr/bin/env bash
# fails: up.lasting after reboot, up.user after reboot
# after: solution
systemctl disable harbor.service
