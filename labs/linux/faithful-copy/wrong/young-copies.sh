#!/usr/bin/env bash
# Everything was changed just now, it seems; files that existed kept their modes.
# fails: faithful.times, faithful.modes
#@ office as clerk
scp -r clerk@archive:/srv/ledgers ./
