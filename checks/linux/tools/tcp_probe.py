"""TCP connections, tried from a machine."""

from __future__ import annotations

from typing import Literal

from rung.checks.core.machine import Machine

CONNECT_SECONDS = 3  # that a connection may take
# What busybox's nc says of a connection that did not come about.
_CLOSED = {
    "Connection refused": "connection refused",
    "No route to host": "no route to host",
    "Network is unreachable": "network is unreachable",
    "timed out": f"no answer within {CONNECT_SECONDS} s",
}
_CLIENT = "/usr/lib/rung/busybox"  # the grader's own
_CONNECT = f"{_CLIENT} timeout {CONNECT_SECONDS + 1} {_CLIENT} nc -w {CONNECT_SECONDS} %s %s -e {_CLIENT} true"


def try_connection(host: Machine, address: str, port: int) -> tuple[Literal["open", "closed", "unknown"], str]:
    """Try a TCP connection from `host` with the grader's own client; what happened, and in which words.

    A name that does not resolve, or a client that cannot run, is "unknown": it proves nothing either way.
    """
    found = host.run("getent ahosts %s", address)
    addresses = list(dict.fromkeys(line.split()[0] for line in found.stdout.splitlines()))
    if not addresses:
        return "unknown", f"no address for {address}"
    told = ""
    for each in addresses:
        result = host.run(_CONNECT, each, port)
        if result.ok:
            return "open", "a connection"
        told = (result.stderr.strip().splitlines() or [f"exit status {result.rc}"])[-1]
        closed = next((words for text, words in _CLOSED.items() if text in told), None)
        if closed is None:
            return "unknown", told
        told = closed
    return "closed", told
