#!/usr/bin/env bash
# archive: the ledgers, and clerk who may log in.
#@ archive
useradd --create-home --shell /bin/bash clerk
usermod --password "\$6\$rungrung\$NgNDPMYl7bmi8oxlOcoI6hV8.wrSV8/IzTlNODjFAqK3.wNrx3wyg0g2H9whjE3LShrGB.46x8AoXBs4RjlX5." clerk
systemctl start ssh.service
top=/srv/ledgers
mkdir -p "$top/$clerk_year/spring" "$top/$clerk_year/autumn" "$top/letters" "$top/to be filled"
n=0
# ledger NAME MODE LINES
ledger() {
    n=$((n + 1))
    for ((i = 1; i <= $3; i++)); do
        echo "$i  $1  $(((RUNG_SEED * 7919 + n * 104729 + i * 1299709) % 99991))"
    done >"$top/$1"
    chmod "$2" "$top/$1"
    touch -d "$clerk_year-03-$((n + 9)) 0$n:1$n:2$n UTC" "$top/$1"
}
ledger accounts.csv 0640 120
ledger "$clerk_year/spring/wool.csv" 0644 60
ledger "$clerk_year/spring/tar and pitch.csv" 0644 80
ledger "$clerk_year/autumn/herring.csv" 0640 40
ledger "$clerk_year/wages.csv" 0600 30
ledger letters/copper-mine.txt 0600 12
ledger .index 0644 9
ledger rebuild-index 0750 6
ledger letters/treaty.txt 0444 20
chown -R clerk:clerk "$top"
# What the grader compares with, whatever becomes of the ledgers; only root writes here.
cd "$top"
{
    find . -mindepth 1 -printf '%P\t%y\t%m\t%Ts\0'
    find . -type f -exec sha256sum -z {} +
} >/usr/local/share/ledgers.list

#@ office
useradd --create-home --shell /bin/bash clerk
home=/home/clerk
install -d -o clerk -g clerk -m 0700 "$home/.ssh"
ssh-keygen -q -t ed25519 -N '' -C clerk@office -f "$home/.ssh/id_ed25519"
# The key travels once, by the password that is taken away again below.
printf '#!/bin/sh\necho ledger\n' >/run/askpass
chmod 755 /run/askpass
chown clerk:clerk "$home"/.ssh/*
SSH_ASKPASS=/run/askpass SSH_ASKPASS_REQUIRE=force setpriv --reuid clerk --regid clerk --clear-groups env HOME="$home" \
    ssh -o StrictHostKeyChecking=accept-new -o PreferredAuthentications=password clerk@archive \
    'mkdir -m 700 .ssh && cat >.ssh/authorized_keys' <"$home/.ssh/id_ed25519.pub"
rm /run/askpass

ledgers=$home/ledgers
mkdir -p "$ledgers/$clerk_year/spring"
echo "an early copy" >"$ledgers/accounts.csv"
echo "an early copy" >"$ledgers/$clerk_year/spring/wool.csv"
echo "an early copy" >"$ledgers/$clerk_year/wages.csv"
for name in promises.txt "$clerk_year/draft of a letter.txt" .pinboard; do
    echo "kept in the office: $name" >"$ledgers/$name"
done
chmod 0644 "$ledgers/accounts.csv" "$ledgers/$clerk_year/spring/wool.csv" "$ledgers/$clerk_year/wages.csv"
find "$ledgers" -type f -exec touch -d "$((clerk_year - 1))-05-05 05:05:05 UTC" {} +
chown -R clerk:clerk "$ledgers"

#@ archive
usermod --password '*' clerk
