#!/usr/bin/env bash
# Never up for long: systemd waits for a message that never comes, gives up, and tries again.
# fails: up.lasting, up.user
# after: solution
sed -i -e 's/^Type=.*/Type=notify/' -e 's/^Restart=.*/Restart=always\nRestartSec=100ms\nTimeoutStartSec=2/' \
    /etc/systemd/system/harbor.service.d/local.conf
systemctl daemon-reload
systemctl restart harbor.service || true
