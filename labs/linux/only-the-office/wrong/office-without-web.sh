#!/usr/bin/env bash
# The office has a zone of its own now, and nobody thought of the web page.
# fails: ssh.web-clerk
# after: solution
firewall-cmd --permanent --zone=internal --remove-service=http
firewall-cmd --reload
