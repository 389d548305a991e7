#!/usr/bin/env bash
# What was ended comes back with the next boot.
# fails: leftover.stays-gone
# after: solution
systemctl enable old-pressd.service
