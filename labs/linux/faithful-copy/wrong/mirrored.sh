#!/usr/bin/env bash
# fails: copy.survive
#@ office as clerk
rsync -a --delete clerk@archive:/srv/ledgers/ ledgers/
