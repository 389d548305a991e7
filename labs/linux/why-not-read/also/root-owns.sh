#!/bin/bash
chmod 750 /srv/press/issues/spring
chown root:press "/srv/press/issues/spring/$paper.txt"
chmod u=rw,g=r,o= "/srv/press/issues/spring/$paper.txt"
setfacl -m "u:$person:rw" "/srv/press/issues/spring/$paper.txt"
