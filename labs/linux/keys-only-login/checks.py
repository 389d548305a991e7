"""Starts a second ssh server, at a port of its own, to see what the server does when it is started again."""

from rung.checks import Fail, Host, check

# All settings come from the files except the address; the trap removes everything.
_TRY = """
at=$(getent ahostsv4 "$(uname -n)" | awk 'NR == 1 {print $1}')
d=$(mktemp -d) || exit
pid=
trap 'kill $pid 2>/dev/null; rm -rf "$d"' EXIT
printf '#!/bin/sh\\necho %s\\n' >"$d/ask"; chmod 700 "$d/ask"
/usr/sbin/sshd -D -e -o ListenAddress="$at:2299" -o PidFile=none 2>"$d/log" & pid=$!
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    (: <"/dev/tcp/$at/2299") 2>/dev/null && break
    kill -0 "$pid" 2>/dev/null || { tail -n 1 "$d/log" >&2; exit 1; }
    sleep 0.1
done
SSH_ASKPASS="$d/ask" SSH_ASKPASS_REQUIRE=force timeout 6 ssh -F none -n -T -o ConnectTimeout=3 \\
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o PubkeyAuthentication=no \\
    -o NumberOfPasswordPrompts=1 \\
    -o PreferredAuthentications=password,keyboard-interactive -p 2299 "otto@$at" true
"""


@check(task="passwords", points=1)
def lasting(host: Host) -> None:
    """A server that is started now refuses passwords as well"""
    result = host.run(_TRY, "otto-knows-7", timeout=15)
    if result.ok:
        raise Fail("a server started with the files as they are: expected a refusal of otto's password, found a log-in")
    # Only an answer of the server counts as a refusal.
    if "Permission denied (" not in result.stderr:
        said = (result.stderr.strip().splitlines() or ["no answer"])[-1]
        raise Fail(f"a server started with the files as they are: expected a refusal of otto's password, found: {said}")
