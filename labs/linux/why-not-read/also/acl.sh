#!/bin/bash
# The owner's number stays; the rights are given by name.
cd /srv/press/issues
chmod u+x spring
setfacl -m g:press:rx spring
setfacl -m "u:$person:rw,g:press:r" "spring/$paper.txt"
