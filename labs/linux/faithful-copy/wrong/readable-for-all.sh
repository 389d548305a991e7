#!/usr/bin/env bash
# fails: faithful.modes
# after: solution
#@ office as clerk
chmod -R a+rX ledgers
