#!/usr/bin/env bash
# Lets the office in by a rule, and everybody by the zone as before.
# fails: ssh.visitor
clerk=$(getent ahostsv4 clerk | awk 'NR == 1 {print $1}')
firewall-cmd --permanent --add-rich-rule="rule family=ipv4 source address=$clerk service name=ssh accept"
firewall-cmd --permanent --add-rich-rule="rule family=ipv4 source address=$clerk port port=$admin protocol=tcp accept"
firewall-cmd --reload
