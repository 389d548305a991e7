#!/usr/bin/env bash
# A rule put into the kernel under firewalld's hands: it knows nothing of it, and it is gone after a restart.
# fails: web.open, web.visitor after reboot
# after: solution
firewall-cmd --permanent --zone="$zone" --remove-port="$web/tcp"
firewall-cmd --reload
nft insert rule inet firewalld filter_INPUT tcp dport "$web" accept
