#!/usr/bin/env bash
# fails: boot.default
# after: solution
systemctl set-default graphical.target
