#!/bin/bash
# fails: group.newcomer
# The two of today by their names.
cd /srv/press/issues
chmod g+x spring
setfacl -m "u:$person:rw,u:pavel:r,g::-" "spring/$paper.txt"
