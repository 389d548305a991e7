#!/usr/bin/env bash
# The right numbers in lines that nobody reads, and the usual week of warning.
# fails: defaults.new_accounts
# after: solution
sed -i -E 's/^(PASS_M.*)/#\1/; s/^PASS_WARN_AGE.*/PASS_WARN_AGE 7/' /etc/login.defs
