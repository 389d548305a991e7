#!/usr/bin/env bash
# One zone, with rules about the source.
clerk=$(getent ahostsv4 clerk | awk 'NR == 1 {print $1}')
firewall-cmd --permanent --remove-service=ssh
firewall-cmd --permanent --add-rich-rule="rule family=ipv4 source address=$clerk service name=ssh accept"
firewall-cmd --permanent --add-rich-rule="rule family=ipv4 source address=$clerk port port=$admin protocol=tcp accept"
firewall-cmd --reload
