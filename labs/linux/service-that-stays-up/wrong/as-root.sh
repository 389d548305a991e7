#!/usr/bin/env bash
# Root may do everything, so everything works.
# fails: up.user
# after: solution
sed -i 's/^User=.*/User=root/' /etc/systemd/system/harbor.service.d/local.conf
systemctl daemon-reload
systemctl restart harbor.service
