#!/usr/bin/env bash
# fails: admin.visitor
# after: solution
firewall-cmd --permanent --zone=public --add-port="$admin/tcp"
firewall-cmd --reload
