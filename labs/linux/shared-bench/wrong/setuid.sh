#!/bin/bash
# fails: group.new_files, write.each_others
# The wrong one of the three bits in front.
chgrp -R makers /srv/bench
chmod 4770 /srv/bench
chmod 660 /srv/bench/plan.txt
