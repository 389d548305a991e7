#!/usr/bin/env bash
groupadd operators
for user in ida mads casey "$lead"; do
    useradd --create-home --shell /bin/bash "$user"
done
usermod --append --groups operators ida
usermod --append --groups operators mads
usermod --password "\$6\$leadlead\$iyDEFeavAOnb86lzyHnv9IblnwNNYQ35g8loHY0ydAdxeKKNDabHgCoKfwKQN5QOlFW5DSiJX4oNBFjxP3JU3/" "$lead"

for name in harbor ferry crane; do
    printf '[Unit]\nDescription=The %s\n\n[Service]\nExecStart=/usr/bin/sleep infinity\n' "$name" \
        >"/etc/systemd/system/$name.service"
done
systemctl daemon-reload
systemctl start "$unit.service"

cat >/etc/sudoers.d/40-operators <<SUDO
# Rights of the operators; to be continued
Cmnd_Alias RESTART = /usr/bin/systemctl restart $unit.service,
%operators ALL = (root NOPASSWD: RESTART
SUDO
printf '# For the fair, one day only\ncasey ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/80-fair
chmod 0440 /etc/sudoers.d/40-operators /etc/sudoers.d/80-fair
