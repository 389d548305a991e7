#!/bin/bash
# A login may print what it likes; and the members' group may be one of several with rights.
read -r one two _ <<< "$people"
for who in "$one" "$two"; do
    sed -i '1i echo "Good morning, 2 letters"' "/home/$who/.profile"
done
chgrp makers /srv/bench /srv/bench/plan.txt
chmod 2070 /srv/bench
setfacl -m d:u::rwX,d:g::rwX,d:o::-,u::rwx /srv/bench
chmod 664 /srv/bench/plan.txt
