#!/usr/bin/env bash
# The number is easily found, and the program easily started.
# fails: quiet.counted
systemctl set-default multi-user.target
systemctl stop jukebox.service
/usr/local/lib/shop/stocktake || true
echo "$pieces pieces in stock" >/var/lib/shop/stocktake
