#!/bin/bash
root=/srv/$room
mkdir -p "$root"/{crates,"old things"/{left,right},.hidden} /srv/elsewhere
for i in $(seq 1 40); do
    case $((i % 5)) in
        0) f="$root/old things/left/box $i" ;;
        1) f="$root/crates/crate-$i" ;;
        2) f="$root/.hidden/.note$i" ;;
        3) f="$root/old things/right/roll$i" ;;
        *) f="$root/item$i" ;;
    esac
    truncate -s $(((i * 7919 + RUNG_SEED * 104729) % 90001 + i)) "$f"
done
truncate -s 300K /srv/elsewhere/huge
ln -s /srv/elsewhere "$root/elsewhere"
ln -s /srv/elsewhere/huge "$root/huge"
