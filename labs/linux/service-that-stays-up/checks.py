"""Whether harbor.service lasts, and what systemd would do after a kill."""

import time

from rung.checks import Fail, Host, check

# systemd.service(5): the values of Restart= that cover an end by an unclean signal.
COVERS_A_SIGNAL = ("always", "on-failure", "on-abnormal", "on-abort")

LASTING = 5.0  # seconds
_PROPERTIES = ("ActiveState", "SubState", "InvocationID", "ActiveEnterTimestampMonotonic", "MainPID")


def state(host: Host) -> dict[str, str]:
    """The properties named above of harbor.service, which is active. Fail where it is not."""
    text = host.text(f"systemctl show -p {','.join(_PROPERTIES)} harbor.service") or ""
    found = dict(line.split("=", 1) for line in text.split("\n") if "=" in line)
    if found.get("ActiveState") != "active":
        said = f"{found.get('ActiveState', 'no such unit')} ({found.get('SubState', '')})"
        raise Fail(f"harbor.service: expected it to run, found {said}")
    return found


def settled(host: Host) -> dict[str, str]:
    """The same once it has been up for LASTING seconds; Fail where it is started again before."""
    before = state(host)
    now = float((host.text("cut -d' ' -f1 /proc/uptime") or "0").strip())
    missing = LASTING - (now - int(before["ActiveEnterTimestampMonotonic"]) / 1_000_000)
    if missing <= 0:
        return before
    time.sleep(min(missing, LASTING))
    after = state(host)
    if after["InvocationID"] != before["InvocationID"]:
        raise Fail(f"harbor.service: expected it to be up for {LASTING:g} s, found that it was started again meanwhile")
    return after


@check(task="up", points=4, within=15)
def lasting(host: Host) -> None:
    """harbor.service is up and stays up"""
    settled(host)


@check(task="up", points=2, within=15)
def user(host: Host) -> None:
    """Its process belongs to harbor"""
    pid = settled(host)["MainPID"]
    found = host.text("stat -c %U %s", f"/proc/{pid}") if pid != "0" else None
    if found != "harbor":
        raise Fail(f"harbor.service: user: expected harbor, found {found or 'no process'}")


@check(task="revive", points=2)
def restart(host: Host) -> None:
    """A killed harbor.service would be started again"""
    found = host.text("systemctl show -P Restart harbor.service")
    if found not in COVERS_A_SIGNAL:
        raise Fail(f"harbor.service: Restart: expected a value that covers an end by a signal, found {found or 'none'}")
