#!/usr/bin/env bash
# fails: ssh.clerk, admin.clerk
firewall-cmd --permanent --remove-service=ssh
firewall-cmd --reload
