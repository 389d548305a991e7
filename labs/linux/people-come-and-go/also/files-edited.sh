#!/bin/bash
# What vipw and vigr would do, and newusers for the new account.
read -r joiner changer leaver heir <<< "$people"
echo "$joiner:not-a-secret:$uid::${joiner^} Berg, Room $((uid % 90 + 10)):/home/$joiner:/bin/bash" | newusers
gpasswd -a "$joiner" staff
gpasswd -a "$changer" archive
chsh -s /bin/bash "$changer"
sed -i "s/^$old:/$new:/" /etc/group /etc/gshadow
number=$(id -u "$leaver")
deluser "$leaver" 2> /dev/null || userdel "$leaver"
rm -rf "/home/${leaver:?}" "/var/mail/$leaver"
find /srv -uid "$number" -print0 | xargs -0 chown --no-dereference "$heir"
