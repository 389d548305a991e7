#!/usr/bin/env bash
# What goes is removed for good, what comes is tried first and then kept; the port has a service of its own.
# (--runtime-to-permanent itself doesn't remove a zone's last port.)
cat >/etc/firewalld/services/timetable.xml <<SERVICE
<?xml version="1.0" encoding="utf-8"?>
<service><short>Timetable</short><port protocol="tcp" port="$web"/></service>
SERVICE
firewall-cmd --permanent --zone=work --remove-interface=eth0
firewall-cmd --permanent --zone=public --remove-port="$old/tcp"
firewall-cmd --reload
firewall-cmd --set-default-zone=public
firewall-cmd --zone=public --add-interface=eth0
firewall-cmd --zone=public --add-service=timetable
firewall-cmd --runtime-to-permanent
