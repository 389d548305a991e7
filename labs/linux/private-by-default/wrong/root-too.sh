#!/usr/bin/env bash
# fails: root.unchanged
# after: solution
echo 'umask 027' >/etc/profile.d/private.sh
