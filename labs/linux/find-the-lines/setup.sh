#!/bin/bash
install -d /var/log/gate
awk -v seed="$RUNG_SEED" -v badge="$badge" -v gate="$gate" '
function pick(n) { return int(rand() * n) }
function ip() { return "10." pick(4) "." pick(9) "." (pick(25) + 1) }
BEGIN {
    srand(seed + 0)
    split("1" badge " " badge "0 " (badge + 1) " " badge "7", near, " ")
    for (i = 0; i < 4000; i++) {
        clock += pick(120) + 1
        when = sprintf("2026-03-%02dT%02d:%02d:%02d", 14 + int(clock / 86400), int(clock / 3600) % 24,
            int(clock / 60) % 60, clock % 60)
        kind = pick(40)
        number = kind < 2 ? badge : kind < 5 ? near[pick(4) + 1] : 2000 + pick(7000)
        word = pick(3) ? "granted" : "refused"
        if (kind < 5 && pick(3)) word = "refused"
        if (pick(30) == 0) word = "refused-retry"
        if (pick(30) == 0) word = "Refused"
        note = ""
        if (pick(25) == 0) note = " note=\"seen with badge=" badge " client=" ip() " result=refused\""
        lead = pick(50) == 0 ? "# " : ""
        key = (number == badge && pick(8) == 0) ? "BADGE" : "badge"
        printf "%s%s gate=%s reader=%d.%d.%d.%d %s=%s client=%s result=%s%s\n", lead, when, gate,
            pick(4), pick(9), pick(30), pick(30), key, number, ip(), word, note
    }
}' > /var/log/gate/access.log
# The grader compares with this copy.
gzip -9n < /var/log/gate/access.log > /usr/local/share/gate-log.gz
