#!/usr/bin/env bash
# A mask that hides everything from others and nothing from the group.
# fails: users.login_shell, users.other_shell, users.newcomer
# after: solution
sed -i 's/umask 027/umask 007/' /etc/profile.d/private.sh /etc/bash.bashrc
