"""How an attempt stands: what the labels say, what its journal says of its start, and who still works on it."""

from __future__ import annotations

from typing import Literal

from rung.runner.core import processes
from rung.runner.core.journal import EventJournal
from rung.runner.drivers.base.plan import AttemptInfo

AttemptState = Literal["ready", "starting", "incomplete", "paused", "stopped"]
STARTS = ("starting", "ready", "failed", "kept")  # events that say how far a start came


def state_of(found: AttemptInfo) -> AttemptState:
    """The truth about an attempt: what the driver's labels say, and whether its start came to its end."""
    last = EventJournal.of(found.attempt).last(*STARTS)
    if last is not None and last["event"] == "starting":
        return "starting" if processes.is_alive(str(last.get("process", "0"))) else "incomplete"
    failed = last is not None and last["event"] in ("failed", "kept")
    # Without a journal it is another user's (or another RUNG_HOME's): then the labels are all there is.
    if failed or len(found.machines) < found.expected or not found.machines:
        return "incomplete"
    states = {m.state for m in found.machines}
    if "paused" in states:
        return "paused"
    return "ready" if states == {"running"} else "stopped"
