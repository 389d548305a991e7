#!/usr/bin/env bash
# fails: test-door.closed
# after: solution
firewall-cmd --permanent --zone=public --set-target=ACCEPT
firewall-cmd --reload
