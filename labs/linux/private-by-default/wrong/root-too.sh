#!/usr/bin/env bash
# fails: users.root
# after: solution
echo 'umask 027' >/etc/profile.d/private.sh
