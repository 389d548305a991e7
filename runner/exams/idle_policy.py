"""Which clusters of an exam to pause, to save processor time, and which unopened ones to stop, to save memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

RESERVE = 1 << 30  # bytes of memory kept free for everything else
NODE = 600 << 20  # bytes that one node of a cluster takes
MACHINE = 32 << 20  # bytes that one Linux machine takes
CALM = 120.0  # seconds since its last use after which a cluster is paused

State = Literal["running", "paused", "stopped"]
Act = Literal["pause", "halt"]


@dataclass(frozen=True)
class ClusterUse:
    """One cluster of an exam, with the numbers of its questions."""

    numbers: tuple[int, ...]
    state: State
    opened: bool  # whether anybody has worked on it
    inside: bool = False  # whether a shell of it is open now
    idle: float = 0.0  # seconds since its last shell was left, or since it was created


def needed(nodes: int, *, cluster: bool) -> int:
    """Bytes of memory that one more environment takes; nodes: a cluster's nodes, or Linux machines."""
    return nodes * (NODE if cluster else MACHINE)


def resting(clusters: Sequence[ClusterUse], most: int) -> list[tuple[ClusterUse, Act]]:
    """The clusters to pause.

    A cluster that nobody has opened yet is paused at once. Of the opened ones, the `most` that were used last keep
    running, because work that was begun there may not be finished.
    """
    awake = [p for p in clusters if p.state == "running" and not p.inside]
    unopened: list[tuple[ClusterUse, Act]] = [(p, "pause") for p in awake if not p.opened]
    used = sorted((p for p in awake if p.opened), key=lambda p: p.idle)
    room = max(0, most - sum(p.inside for p in clusters))
    return unopened + [(p, "pause") for p in used[room:] if p.idle >= CALM]


def to_halt(clusters: Sequence[ClusterUse]) -> ClusterUse | None:
    """The cluster to stop where memory is short, or None.

    Only unopened clusters are stopped, because a restart may undo work. The one with the highest numbers goes first.
    """
    free = [p for p in clusters if not p.opened and not p.inside and p.state != "stopped"]
    return max(free, key=lambda p: p.numbers, default=None)
