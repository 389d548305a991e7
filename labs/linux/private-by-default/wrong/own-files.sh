#!/usr/bin/env bash
# Everybody of today has it in files of their own, and whoever comes tomorrow has nothing.
# fails: users.newcomer
# after: solution
rm /etc/profile.d/private.sh
sed -i '/^if .*id -u/,/^fi/d' /etc/bash.bashrc
for user in sofia tomas; do
    for file in .profile .bashrc; do
        echo 'umask 027' >>"/home/$user/$file"
        chown "$user:" "/home/$user/$file"
    done
done
