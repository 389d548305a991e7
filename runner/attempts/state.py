"""The state of an attempt, from its machines' labels, the journal of its start, and the process that makes it."""

from __future__ import annotations

from typing import Literal

from rung.runner.core import processes
from rung.runner.core.journal import EventJournal
from rung.runner.drivers.base.plan import AttemptInfo

AttemptState = Literal["ready", "starting", "incomplete", "paused", "stopped"]
STARTS = ("starting", "ready", "failed", "kept")  # events that tell how far the start got


def state_of(found: AttemptInfo) -> AttemptState:
    """The state of an attempt; `incomplete`: its start failed or was broken off, or machines are missing."""
    last = EventJournal.of(found.attempt).last(*STARTS)
    if last is not None and last["event"] == "starting":
        return "starting" if processes.is_alive(str(last.get("process", "0"))) else "incomplete"
    failed = last is not None and last["event"] in ("failed", "kept")
    # An attempt without a journal belongs to another user or RUNG_HOME: only the labels tell about it.
    if failed or len(found.machines) < found.expected or not found.machines:
        return "incomplete"
    states = {m.state for m in found.machines}
    if "paused" in states:
        return "paused"
    return "ready" if states == {"running"} else "stopped"
