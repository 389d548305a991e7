#!/usr/bin/env bash
# The files of the two, and those that every new home begins with; a login may say what it likes.
for home in /etc/skel /home/sofia /home/tomas; do
    for file in .profile .bashrc; do
        printf 'umask 027\necho "be private, 2 words"\n' | cat - "$home/$file" 2>/dev/null >/tmp/new || true
        mv /tmp/new "$home/$file"
        chmod 644 "$home/$file"
    done
done
sed -i 's/^\[Service\]/[Service]\nUMask=0077/' /etc/systemd/system/inkwell.service
systemctl daemon-reload
systemctl restart inkwell.service
