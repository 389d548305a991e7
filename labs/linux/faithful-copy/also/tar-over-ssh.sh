#!/usr/bin/env bash
#@ office as clerk
cd ~/ledgers
ssh archive 'cd /srv/ledgers && tar -cf - .' | tar -xpf -
