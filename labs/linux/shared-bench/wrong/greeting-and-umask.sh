#!/bin/bash
# fails: write.each_others, write.own_umask
# The umask of one of them is opened by another file, the other one's stays in the way; and a greeting is no answer.
read -r _ two _ <<< "$people"
# shellcheck disable=SC2088
printf '. ~/.profile\numask 002\necho "yes yes"\n' > "/home/$two/.bash_profile"
echo 'echo "Good morning, all"' >> "/home/$two/.profile"
chgrp -R makers /srv/bench
chmod 2770 /srv/bench
chmod 660 /srv/bench/plan.txt
