#!/bin/bash
# fails: write.own_umask
# after: solution
read -r _ two _ <<< "$people"
sed -i 's/umask 077/umask 002/' "/home/$two/.profile"
