#!/usr/bin/env bash
# Works until somebody restarts the machine.
# fails: page.from-desk after reboot, page.pressweb after reboot
# after: solution
systemctl disable pressweb.socket
