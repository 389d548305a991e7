#!/usr/bin/env bash
# No account is made any more, so no account gets any rules.
# fails: defaults.new_accounts
# after: solution
chmod a-x /usr/sbin/useradd
