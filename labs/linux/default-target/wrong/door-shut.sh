#!/usr/bin/env bash
# What is in the way is stopped one by one, and the quiet hour comes on top of all the rest.
# fails: quiet.counted
systemctl set-default multi-user.target
systemctl stop jukebox.service door.service
systemctl start quiet.target || true
systemctl start door.service
