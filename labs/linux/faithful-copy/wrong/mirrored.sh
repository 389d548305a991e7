#!/usr/bin/env bash
# fails: extras.survive
#@ office as clerk
rsync -a --delete clerk@archive:/srv/ledgers/ ledgers/
