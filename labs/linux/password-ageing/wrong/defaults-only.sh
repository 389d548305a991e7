#!/usr/bin/env bash
# Thinks that the defaults reach accounts that exist.
# fails: existing.rules
# after: solution
chage -M 99999 -m 0 -W 7 maya
