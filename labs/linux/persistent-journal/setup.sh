#!/usr/bin/env bash
# A journal in memory, by a drop-in that outdoes the main file.
mkdir -p /etc/systemd/journald.conf.d
cat >/etc/systemd/journald.conf <<'CONF'
[Journal]
#Storage=auto
#Compress=yes
#SystemMaxUse=
#SystemKeepFree=
#RuntimeMaxUse=
CONF
cat >/etc/systemd/journald.conf.d/50-diskless.conf <<'CONF'
# The boot server's image: there is no disk.
[Journal]
Storage=volatile
RuntimeMaxUse=8M
CONF
rm -rf /var/log/journal
systemctl restart systemd-journald.service
for dial in 1 2 3; do
    echo "high water $((reading + 3 - dial)) cm, dial $dial"
done | systemd-cat -t tide-gauge
journalctl --sync
