#!/usr/bin/env bash
# sudo skips files with a dot in their name: the mistake is gone, and the rights are, too.
# fails: operators.may, operators.each, lead.anything, lead.as-anybody
# after: solution
mv /etc/sudoers.d/40-operators /etc/sudoers.d/40-operators.conf
