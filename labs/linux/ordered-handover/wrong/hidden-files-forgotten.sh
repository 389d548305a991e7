#!/bin/bash
# fails: sort.empty, sort.sorted_by_year, modes.papers_0640, modes.scripts_0750, modes.group
cd /srv/drop
for y in "$year" $((year + 1)) $((year + 2)); do
    mkdir -p "/srv/handover/$y"
    mv -- *"$y"* "/srv/handover/$y"
done
printf '%s\n' "Handed over by $person" "Years $year to $((year + 2))" "Scripts may run, papers may not" > /srv/handover/README
chgrp -R office /srv/handover
chmod -R u=rwX,g=rX,o= /srv/handover
find /srv/handover -type f -exec chmod 640 {} +
find /srv/handover -type f -name '*.sh' -exec chmod 750 {} +
