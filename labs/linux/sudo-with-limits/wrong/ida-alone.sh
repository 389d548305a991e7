#!/usr/bin/env bash
# The user that was named, not the group.
# fails: operators.each
# after: solution
sed -i 's/^%operators/ida/' /etc/sudoers.d/40-operators
