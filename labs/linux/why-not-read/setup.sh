#!/bin/bash
groupadd press
useradd -m -N -g press -s /bin/bash "$person"
useradd -m -N -g press -s /bin/bash pavel
useradd -m -s /bin/bash quentin
cd /srv
install -d -m 750 -g press press press/issues press/issues/autumn press/issues/spring
install -d -m 700 press/wages
echo "Draft of the $paper" > "press/issues/spring/$paper.txt"
echo "Last year's" > "press/issues/autumn/$paper.txt"
echo "House style" > press/issues/spring/style.txt
echo "Signed" > press/issues/spring/contracts.txt
echo "Secret" > press/wages/2026.txt
chgrp press press/issues/spring/style.txt
chmod 640 press/issues/spring/style.txt "press/issues/autumn/$paper.txt"
chmod 600 press/issues/spring/contracts.txt press/wages/2026.txt
# The former editor's account is gone; her number remains.
chown "$ghost:$ghost" "press/issues/spring/$paper.txt"
chown "$ghost" press/wages/2026.txt
chmod 640 "press/issues/spring/$paper.txt"
chmod 2750 press/issues
chmod 640 press/issues/spring
