#!/usr/bin/env bash
# fails: copy.content, faithful.modes, faithful.times
#@ office as clerk
rsync -a --ignore-existing clerk@archive:/srv/ledgers/ ledgers/
