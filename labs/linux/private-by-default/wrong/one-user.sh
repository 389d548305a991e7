#!/usr/bin/env bash
# In the profile of one of them.
# fails: users.login_shell, users.other_shell, users.newcomer
# after: solution
rm /etc/profile.d/private.sh
sed -i '/^if .*id -u/,/^fi/d' /etc/bash.bashrc
echo 'umask 027' | tee -a /home/sofia/.profile >>/home/sofia/.bashrc
