#!/bin/bash
# fails: leave.home, leave.heir, leave.nameless, leave.bystander
read -r joiner changer leaver heir <<< "$people"
useradd -m -u "$uid" -c "${joiner^} Berg, Room $((uid % 90 + 10))" -s /bin/bash -G staff "$joiner"
usermod -aG archive -s /bin/bash "$changer"
groupmod -n "$new" "$old"
# Recursive, so the other people's files there change hands as well; and the home stays.
chown -R "$heir" /srv/projects/fair
userdel "$leaver"
