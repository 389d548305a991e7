#!/usr/bin/env bash
ps -eo pid,pcpu,rss,args --sort=-pcpu | head
pid=$(pgrep -f "grinder --lot $lot\$")
systemctl status --no-pager "$pid"
systemctl disable --now millwright.service
ps -eo pid,rss,args --sort=-rss | head
kill -KILL "$(ps -C hoarder -o pid= --sort=-rss | head -n 1)"
