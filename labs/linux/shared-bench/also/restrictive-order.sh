#!/bin/bash
# The access list first, the bit afterwards; the owner of the directory is a member.
read -r one _ <<< "$people"
chown "$one:makers" /srv/bench
chmod 2770 /srv/bench
setfacl --set d:u::rwx,d:g::rwx,d:o::---,u::rwx,g::rwx,o::--- /srv/bench
install -o "$one" -g makers -m 660 /srv/bench/plan.txt /srv/bench/plan.new
mv /srv/bench/plan.new /srv/bench/plan.txt
