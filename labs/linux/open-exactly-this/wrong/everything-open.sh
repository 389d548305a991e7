#!/usr/bin/env bash
# The zone lets in whatever no rule speaks of.
# fails: closed.visitor, closed.zone, closed.stock
# after: solution
firewall-cmd --permanent --zone="$zone" --set-target=ACCEPT
firewall-cmd --reload
