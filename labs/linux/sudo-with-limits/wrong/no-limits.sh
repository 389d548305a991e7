#!/usr/bin/env bash
# fails: operators.no-more
# after: solution
sed -i 's|NOPASSWD: .*|NOPASSWD: ALL|' /etc/sudoers.d/40-operators
