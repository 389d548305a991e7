#!/bin/bash
# fails: leave.heir, leave.nameless
# Without -h the link's target changes hands, and the link does not.
read -r joiner changer leaver heir <<< "$people"
useradd -m -u "$uid" -c "${joiner^} Berg, Room $((uid % 90 + 10))" -s /bin/bash -G staff "$joiner"
usermod -aG archive -s /bin/bash "$changer"
groupmod -n "$new" "$old"
find /srv/projects -user "$leaver" -exec chown "$heir" {} +
userdel -r "$leaver"
