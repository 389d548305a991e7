#!/usr/bin/env bash
# The star also stands for every other service.
# fails: operators.no-more
# after: solution
sed -i "s/restart $unit.service/restart */" /etc/sudoers.d/40-operators
