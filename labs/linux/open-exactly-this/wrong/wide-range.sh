#!/usr/bin/env bash
# A range that has the page's port in it, and all the others.
# fails: closed.visitor, closed.zone, closed.stock
# after: solution
firewall-cmd --permanent --zone="$zone" --add-port=5000-9999/tcp
firewall-cmd --reload
