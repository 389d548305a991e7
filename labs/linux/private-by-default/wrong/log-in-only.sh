#!/usr/bin/env bash
# fails: users.other_shell, users.newcomer
# after: solution
sed -i '/umask/d; /^if .*id -u/,/^fi/d' /etc/bash.bashrc
