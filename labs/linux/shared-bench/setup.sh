#!/bin/bash
read -r one two three <<< "$people"
groupadd makers
useradd -m -s /bin/bash -G makers "$one"
useradd -m -s /bin/bash -G makers "$two"
useradd -m -s /bin/bash "$three"
echo 'umask 077' >> "/home/$two/.profile"
echo 'umask 022' >> "/home/$one/.profile"
install -d -m 755 /srv/bench
echo "Monday: sharpen the chisels" > /srv/bench/plan.txt
chown "$one:$one" /srv/bench/plan.txt
chmod 644 /srv/bench/plan.txt
