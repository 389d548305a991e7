"""Whether harbor.service stays up, and what systemd does after a kill."""

import time

from rung.checks import Fail, Host, check

# systemd.service(5): the values of Restart= that cover an end by an unclean signal.
COVERS_A_SIGNAL = ("always", "on-failure", "on-abnormal", "on-abort")

LASTING = 5.0  # seconds
_PROPERTIES = ("ActiveState", "SubState", "InvocationID", "ActiveEnterTimestamp", "MainPID")


def state(host: Host) -> dict[str, str]:
    """The properties of harbor.service listed above, and the time now. Raises Fail if it is not active."""
    text = host.text(f"date +Now=%s && systemctl show --timestamp=unix -p {','.join(_PROPERTIES)} harbor.service") or ""
    found = dict(line.split("=", 1) for line in text.split("\n") if "=" in line)
    if found.get("ActiveState") != "active":
        said = f"{found.get('ActiveState', 'no such unit')} ({found.get('SubState', '')})"
        raise Fail(f"harbor.service: expected it to run, found {said}")
    return found


def settled(host: Host) -> dict[str, str]:
    """The same after it has been up for LASTING seconds. Raises Fail if it is started again before."""
    before = state(host)
    # Wall-clock time: the monotonic clock stops while a laptop sleeps.
    since = before["ActiveEnterTimestamp"].lstrip("@")
    age = int(before["Now"]) - int(since) if since.isdigit() else 0
    if age >= LASTING:
        return before
    time.sleep(min(LASTING - age, LASTING))
    after = state(host)
    if after["InvocationID"] != before["InvocationID"]:
        raise Fail(f"harbor.service: expected it to be up for {LASTING:g} s, found that it was started again meanwhile")
    return after


@check(task="up", points=6, within=15)
def lasting(host: Host) -> None:
    """harbor.service is up and stays up"""
    settled(host)


@check(task="up", points=2, within=15)
def user(host: Host) -> None:
    """Its process belongs to harbor"""
    pid = settled(host).get("MainPID", "0")
    # From its status: some entries below /proc belong to root, whichever user the process runs as.
    uid = host.text("awk '/^Uid:/ {print $3}' %s", f"/proc/{pid}/status") if pid != "0" else None
    found = host.text("id -un %s", uid) if uid else None
    if found != "harbor":
        raise Fail(f"harbor.service: user: expected harbor, found {found or uid or 'no process'}")


@check(task="revive", points=2)
def restart(host: Host) -> None:
    """A killed harbor.service would be started again"""
    found = host.text("systemctl show -P Restart harbor.service")
    if found not in COVERS_A_SIGNAL:
        raise Fail(f"harbor.service: Restart: expected a value that covers an end by a signal, found {found or 'none'}")
