#!/usr/bin/env bash
cd /var/log/station
since="2026-03-$night 20:00:00 UTC"
until="2026-03-$((night + 1)) 06:00:00 UTC"
night_log() {
    journalctl --file lantern.journal --utc --no-pager --since "$since" --until "$until" "$@"
}
night_log -t systemd -p warning | head
unit=$(night_log -t systemd -o cat | grep 'Failed with result' | head -n 1 | cut -d: -f1)
status=$(night_log "UNIT=$unit" -o cat | grep 'Main process exited' | head -n 1 | sed 's/.*status=\([0-9]*\).*/\1/')
uid=$(night_log -t feedctl -o json | jq -r "select(.MESSAGE | startswith(\"feed of ${unit%.service} \"))._UID" | head -n 1)
# The text logs are an hour ahead.
count=$(zgrep -hE 'sshd\[[0-9]+\]: Failed password' secure* |
    awk -v a="2026-03-${night}T21:00" -v b="2026-03-$((night + 1))T07:00" '$1 >= a && $1 < b' | wc -l)
cat >/root/answers.json <<JSON
{"unit": "$unit", "status": $status, "uid": $uid, "failed_logins": $count}
JSON
cat /root/answers.json
