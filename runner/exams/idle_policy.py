"""Which clusters of an exam stand still: those that nobody works on cost neither processor nor, unopened, memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

RESERVE = 1 << 30  # bytes of memory that are left to everything else
NODE = 600 << 20  # bytes that one node of a cluster takes
MACHINE = 32 << 20  # bytes that one Linux machine takes
CALM = 120.0  # seconds since its last use before a cluster is made to stand still

State = Literal["running", "paused", "stopped"]
Act = Literal["pause", "halt"]


@dataclass(frozen=True)
class ClusterUse:
    """One cluster of an exam, with the questions that are worked on there."""

    numbers: tuple[int, ...]
    state: State
    opened: bool  # whether anybody has worked on it
    inside: bool = False  # whether a shell of it is open now
    idle: float = 0.0  # seconds since it was last left, or made


def needed(nodes: int, *, cluster: bool) -> int:
    """Bytes that one more environment takes: so many nodes, or machines."""
    return nodes * (NODE if cluster else MACHINE)


def resting(places: Sequence[ClusterUse], most: int) -> list[tuple[ClusterUse, Act]]:
    """What to do with clusters that run and need not.

    One that nobody has opened yet stands still at once. Of those that were worked on, the `most` that were used
    last go on running: what was begun there may still be on its way.
    """
    awake = [p for p in places if p.state == "running" and not p.inside]
    unopened: list[tuple[ClusterUse, Act]] = [(p, "pause") for p in awake if not p.opened]
    used = sorted((p for p in awake if p.opened), key=lambda p: p.idle)
    room = max(0, most - sum(p.inside for p in places))
    return unopened + [(p, "pause") for p in used[room:] if p.idle >= CALM]


def to_halt(places: Sequence[ClusterUse]) -> ClusterUse | None:
    """The cluster to stop where memory is short: one that nobody has opened, for a restart may undo what was done.

    The last ones of the exam go first.
    """
    free = [p for p in places if not p.opened and not p.inside and p.state != "stopped"]
    return max(free, key=lambda p: p.numbers, default=None)
