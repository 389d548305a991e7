#!/usr/bin/env bash
# Fetched and deleted there, so that archive has nothing left to compare with; here it went to another place.
# fails: copy.content, copy.directories, faithful.modes, faithful.times, copy.archive
#@ office as clerk
rsync -a --remove-source-files clerk@archive:/srv/ledgers/ /home/clerk/elsewhere/
