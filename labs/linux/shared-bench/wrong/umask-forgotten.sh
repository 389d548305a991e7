#!/bin/bash
# fails: write.each_others
# The group is right, but what the umasks leave is not enough.
chgrp -R makers /srv/bench
chmod 2770 /srv/bench
chmod 660 /srv/bench/plan.txt
