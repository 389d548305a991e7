"""TCP connections, tried from a machine."""

from __future__ import annotations

from typing import Literal

from rung.checks.core.machine import Machine

CONNECT_SECONDS = 3  # limit of one connection attempt
# Messages of busybox's nc for a connection that failed -> the words of a reason.
_CLOSED = {
    "Connection refused": "connection refused",
    "No route to host": "no route to host",
    "Network is unreachable": "network is unreachable",
    "timed out": f"no answer within {CONNECT_SECONDS} s",
}
_CLIENT = "/usr/lib/rung/busybox"  # the grader's own
_CONNECT = f"{_CLIENT} timeout {CONNECT_SECONDS + 1} {_CLIENT} nc -w {CONNECT_SECONDS} %s %s -e {_CLIENT} true"


def try_connection(host: Machine, address: str, port: int) -> tuple[Literal["open", "closed", "unknown"], str]:
    """Try a TCP connection from `host` with the grader's own client; return the outcome and its description.

    The outcome is "unknown" if the name does not resolve or the client cannot run: neither proves anything.
    """
    found = host.run("getent ahosts %s", address)
    addresses = list(dict.fromkeys(line.split()[0] for line in found.stdout.splitlines()))
    if not addresses:
        return "unknown", f"no address for {address}"
    detail = ""
    for candidate in addresses:
        result = host.run(_CONNECT, candidate, port)
        if result.ok:
            return "open", "a connection"
        detail = (result.stderr.strip().splitlines() or [f"exit status {result.rc}"])[-1]
        closed = next((words for text, words in _CLOSED.items() if text in detail), None)
        if closed is None:
            return "unknown", detail
        detail = closed
    return "closed", detail
