#!/usr/bin/env bash
# Mixes up the end of a password and the end of an account.
# fails: contractor.expires, existing.change
# after: solution
chage -E -1 -M 30 piet
chage -d "$(date +%F)" maya
