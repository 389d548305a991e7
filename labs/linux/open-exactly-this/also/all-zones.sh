#!/usr/bin/env bash
# Each change in both configurations by itself, without a reload; and the old port goes from every zone.
firewall-cmd --set-default-zone="$zone"
for for_good in "" --permanent; do
    firewall-cmd $for_good --zone="$zone" --change-interface=eth0
    firewall-cmd $for_good --zone="$zone" --add-port="$web/tcp"
    for each in work home internal public dmz; do
        firewall-cmd $for_good --zone="$each" --remove-port="$old/tcp"
    done
done
