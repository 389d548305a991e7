#!/bin/bash
cd /srv
chgrp -R makers bench
chmod 2770 bench
setfacl -d -m g::rwx bench
chmod g+w bench/plan.txt
