#!/usr/bin/env bash
# Any command, but as root alone.
# fails: lead.as-anybody
# after: solution
sed -i '/^%operators/!s/(ALL) ALL/(root) ALL/' /etc/sudoers.d/40-operators
