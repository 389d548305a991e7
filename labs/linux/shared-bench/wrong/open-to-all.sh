#!/bin/bash
# fails: door.stranger, group.new_files, write.each_others, old.group
chmod 1777 /srv/bench
chmod 666 /srv/bench/plan.txt
