#!/usr/bin/env bash
# The last failure of the night instead of the first one.
# fails: unit.first, status.number, user.number
# after: solution
cd /var/log/station
journal() {
    journalctl --file lantern.journal -o cat --no-pager --since "2026-03-$night 20:00:00 UTC" --until "2026-03-$((night + 1)) 06:00:00 UTC" "$@"
}
last=$(journal -t systemd | grep 'Main process exited' | grep -v "^$(sed 's/.*"unit": "\([^"]*\)".*/\1/' /root/answers.json)" | tail -n 1)
status=${last##*status=}
status=${status%%/*}
sed -i -e "s/\"unit\": \"[^\"]*\"/\"unit\": \"${last%%:*}\"/" -e "s/\"status\": [0-9]*/\"status\": $status/" -e 's/"uid": [0-9]*/"uid": 0/' /root/answers.json
