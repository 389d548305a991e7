#!/usr/bin/env bash
# The right job at the right time, but it would run as root.
# fails: once.queued
# after: solution
su - "$person" -c 'atq | cut -f 1 | xargs atrm'
echo /usr/local/bin/close-books | at 17:45 "12/31/$year"
