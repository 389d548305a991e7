#!/bin/bash
chown :makers /srv/bench /srv/bench/plan.txt
chmod u=rwx,g=rwxs,o= /srv/bench
setfacl -m g:makers:rwX,d:g:makers:rwX,d:o::- /srv/bench
setfacl -m g:makers:rw /srv/bench/plan.txt
