#!/bin/bash
read -r joiner changer leaver heir <<< "$people"
useradd -m -u "$uid" -c "${joiner^} Berg, Room $((uid % 90 + 10))" -s /bin/bash -G staff "$joiner"
usermod -aG archive -s /bin/bash "$changer"
groupmod -n "$new" "$old"
find /srv/projects -user "$leaver" -exec chown -h "$heir" {} +
userdel -r "$leaver"
