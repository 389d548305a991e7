#!/usr/bin/env bash
# fails: up.file
sed -i -e 's/^After=/Requires=tide.service\nAfter=/' -e 's/^Type=.*/Type=simple/' \
    -e 's/^User=.*/User=harbor\nRuntimeDirectory=harbor\nRestart=always/' /usr/lib/systemd/system/harbor.service
systemctl daemon-reload
systemctl enable --now harbor.service
