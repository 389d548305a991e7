"""The processes of a machine, as ps(1) lists them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer

_PS = "ps -ww -e -o pid= -o ppid= -o user:64= -o ni= -o stat= -o args="
_OURS = "/usr/lib/rung/"  # the grader's own programs: their helpers outlive a command by a second


@dataclass(frozen=True)
class RunningProcess:
    """One process; `nice` is "-" under a real-time policy."""

    pid: str
    parent: str
    user: str
    nice: str
    command: str


def list_processes(host: Machine) -> list[RunningProcess]:
    """All processes but the grader's own and zombies. Raises Fail if ps does not answer."""
    # Not testinfra's `process`: it shows zombies and the grader's own, shortens blanks in a command line, and asks once
    # more for the user and the niceness of each.
    result = host.run(f"echo $$; {_PS}")
    own, *lines = result.stdout.splitlines() or [""]
    rows = [line.split(None, 5) for line in lines]
    if not result.ok or not rows:
        raise Fail(no_answer("processes", "ps", result))
    listing = {r[0]: RunningProcess(r[0], r[1], r[2], r[3], r[5]) for r in rows if len(r) == 6 and r[4][0] != "Z"}
    ours = {own, *_above(own, listing)}
    others = (p for p in listing.values() if p.pid not in ours and p.parent != own)
    return [p for p in others if not p.command.startswith(_OURS)]


def _above(pid: str, listing: dict[str, RunningProcess]) -> Iterator[str]:
    """The ancestors of a process up to the channel's shell, whose parent is outside the machine."""
    while pid in listing and listing[pid].parent not in ("0", "1"):
        pid = listing[pid].parent
        yield pid
