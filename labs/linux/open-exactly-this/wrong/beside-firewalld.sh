#!/usr/bin/env bash
# A rule put into the kernel's table behind firewalld's back: it knows nothing of it, and it is gone after a restart.
# fails: web.open, web.visitor after reboot
# after: solution
firewall-cmd --permanent --zone="$zone" --remove-port="$web/tcp"
firewall-cmd --reload
python3 - <<RULE
from nftables import Nftables
status, _, error = Nftables().cmd("insert rule inet firewalld filter_INPUT tcp dport $web accept")
raise SystemExit(error if status else 0)
RULE
