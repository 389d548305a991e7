#!/bin/bash
cd /srv/press/issues/spring
chmod g+x .
chown "$person:press" "$paper.txt"
chmod 640 "$paper.txt"
