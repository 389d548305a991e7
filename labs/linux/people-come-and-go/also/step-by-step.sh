#!/bin/bash
# One thing after another, and the new account in the end; a group of that name may be the primary one, too.
read -r joiner changer leaver heir <<< "$people"
usermod -s /bin/bash "$changer"
usermod -G "staff,keys,archive,$old" "$changer"
groupadd -o -g "$gid" "$new"
gpasswd -M "$changer,$heir" "$new"
groupdel "$old"
chown -R -h --from="$leaver" "$heir" /srv/projects
userdel --remove --force "$leaver"
useradd --base-dir /home --create-home --skel /etc/skel --gid staff --uid "$uid" --shell /usr/bin/bash "$joiner"
usermod --shell /bin/bash --comment "${joiner^} Berg, Room $((uid % 90 + 10)),,," "$joiner"
