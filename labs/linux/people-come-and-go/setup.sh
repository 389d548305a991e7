#!/bin/bash
read -r _ changer leaver heir <<< "$people"
getent group staff > /dev/null || groupadd staff
groupadd keys
groupadd archive
groupadd -g "$gid" "$old"
useradd -m -s /bin/sh -G "staff,keys,$old" "$changer"
useradd -m -s /bin/bash -G staff "$leaver"
useradd -m -s /bin/bash -G "staff,$old" "$heir"
cd /srv
mkdir -p projects/fair projects/press
echo draft > "projects/fair/first draft.txt"
echo 1200 > projects/fair/budget.txt
echo proof > projects/press/proof.txt
ln -s "first draft.txt" projects/fair/latest
chown -R "$leaver:staff" projects/fair
chown root:root projects/fair/budget.txt
chown "root:$old" projects/press
chown "$leaver:$old" projects/press/proof.txt
chmod 750 projects/fair
chmod 640 "projects/fair/first draft.txt"
chmod 2775 projects/press
chmod 664 projects/press/proof.txt
