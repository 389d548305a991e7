#!/bin/bash
# fails: rename.group, rename.files
# after: solution
# The old group is deleted and another one made, with a number of its own.
read -r _ changer _ heir <<< "$people"
groupdel "$new"
groupadd -g "$((gid + 500))" "$new"
gpasswd -a "$changer" "$new"
gpasswd -a "$heir" "$new"
chgrp "$new" /srv/projects/press
