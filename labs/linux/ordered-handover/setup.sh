#!/bin/bash
groupadd office
useradd -M "$person"
useradd -M -G office clerk
mkdir -p /srv/drop /srv/handover
cd /srv/drop
suffix=(txt csv md sh)
for i in $(seq 0 59); do
    y=$((year + i % 3))
    s=${suffix[i * 7 % 4]}
    case $((i % 10)) in
        3) name="minutes of $y no $i.$s" ;;
        5) name="-$y-draft$i.$s" ;;
        7) name=".$y-notes$i.$s" ;;
        8) name="list$i.$y.$s" ;;
        *) name="$y-paper$i.$s" ;;
    esac
    echo "paper $i of $RUNG_SEED" > "./$name"
done
chmod 644 -- * .[!.]*
chmod 444 -- *paper1*
chmod 777 -- *paper2*
chmod 600 -- .*notes*
chown "$person" -- * .[!.]*
