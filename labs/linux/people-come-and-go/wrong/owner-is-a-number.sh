#!/bin/bash
# fails: leave.heir, leave.nameless
read -r joiner changer leaver _ <<< "$people"
useradd -m -u "$uid" -c "${joiner^} Berg, Room $((uid % 90 + 10))" -s /bin/bash -G staff "$joiner"
usermod -aG archive -s /bin/bash "$changer"
groupmod -n "$new" "$old"
userdel -r "$leaver"
