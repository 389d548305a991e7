#!/usr/bin/env bash
# Everything is started, and press sees its own page. Nobody else does.
# fails: page.from-desk
systemctl disable --now old-pressd.service
systemctl unmask pressweb.socket
systemctl enable --now pressweb.socket
curl -fs "http://127.0.0.1:$port/"
