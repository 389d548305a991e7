#!/bin/bash
cd /srv/drop
for y in "$year" $((year + 1)) $((year + 2)); do
    mkdir -p "/srv/handover/$y"
    find . -type f -name "*$y*" -exec mv -t "/srv/handover/$y" {} +
done
printf '%s\n' "Handed over by $person" "Years $year to $((year + 2))" "Scripts may run, papers may not" > /srv/handover/README
chgrp -R office /srv/handover
find /srv/handover -type f -exec chmod 640 {} +
find /srv/handover -type f -name '*.sh' -exec chmod 750 {} +
find /srv/handover -type d -exec chmod 750 {} +
