#!/usr/bin/env bash
# The quiet hour begins while the shop is still open.
# fails: quiet.counted
systemctl set-default multi-user.target
systemctl start quiet.target || true
systemctl isolate multi-user.target
