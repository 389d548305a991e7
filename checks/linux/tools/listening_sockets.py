"""Listening sockets, as ss(8) lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rung.checks.linux.tools.reasons import listed


@dataclass(frozen=True)
class ListeningSocket:
    """A listening socket; the address `*` means all addresses of both families."""

    address: str
    port: int
    processes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{listed(self.processes) if self.processes else 'a process'} at {self.address}"


def parse_sockets(text: str) -> list[ListeningSocket]:
    """The sockets in the output of `ss -Hlnp` for one protocol."""
    found = []
    for line in text.splitlines():
        words = line.split()
        address, _, port = words[3].rpartition(":")
        names = dict.fromkeys(re.findall(r'\("([^"]+)",pid=', line))
        found.append(ListeningSocket(address.partition("%")[0].strip("[]"), int(port), tuple(names)))
    return found
