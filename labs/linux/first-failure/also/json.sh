#!/usr/bin/env bash
# All from the journal's JSON, by a program.
python3 - "$night" <<'PY'
import datetime as d, gzip, glob, json, re, subprocess, sys
night = int(sys.argv[1])
start = d.datetime(2026, 3, night, 20, tzinfo=d.timezone.utc)
end = start + d.timedelta(hours=10)
text = subprocess.run(["journalctl", "-D", "/var/log/station", "-o", "json", "--no-pager"], capture_output=True, text=True).stdout
entries = [json.loads(line) for line in text.splitlines()]
entries = [e for e in entries if start.timestamp() <= int(e["__REALTIME_TIMESTAMP"]) / 1e6 < end.timestamp()]
first = next(i for i, e in enumerate(entries) if "EXIT_STATUS" in e)
name = entries[first]["UNIT"].removesuffix(".service")
uid = next(e["_UID"] for e in reversed(entries[:first]) if e["MESSAGE"].startswith(f"feed of {name} "))
count = 0
for path in glob.glob("/var/log/station/secure*"):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        for line in file:
            if re.search(r" sshd\[\d+\]: Failed password", line):
                count += start <= d.datetime.fromisoformat(line.split()[0]) < end
answers = {"unit": name, "status": entries[first]["EXIT_STATUS"], "uid": uid, "failed_logins": str(count)}
with open("/root/answers.json", "w") as out:
    json.dump(answers, out, indent=2)
PY
