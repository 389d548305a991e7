#!/bin/bash
# fails: door.members, write.each_others
# after: solution
# The two of today have rights by their names; whoever joins the group gets none.
read -r one two _ <<< "$people"
chmod g-rwx /srv/bench
setfacl -m "u:$one:rwx,u:$two:rwx,m::rwx,g::-" /srv/bench
