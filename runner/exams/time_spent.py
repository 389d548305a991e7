"""For how long a candidate was at a question, by the shells of it that were open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rung.runner.exams.clock import Moment, elapsed


def visited(events: Sequence[Mapping[str, Any]], number: int, end: Moment) -> float:
    """Seconds in which at least one shell of a question was open, up to `end`.

    A shell that was killed did not say that it was left: it counts until the next one was opened, or until all
    that served the exam was down.
    """
    left = {event["visit"] for event in events if event["event"] == "left"}
    total, since, inside = 0.0, None, set[str]()
    for event in [*events, {"event": "end", "clock": end.as_json()}]:
        name, here = event["event"], Moment.of_json(event["clock"])
        before = set(inside)
        if name in ("end", "paused", "back"):
            inside.clear()
            here = Moment.of_json(event.get("seen", event["clock"]))
        elif name == "left":
            inside.discard(event["visit"])
        elif name == "entered":
            inside &= left
            inside |= {event["visit"]} if event["question"] == number else set()
        if before and not inside and since is not None:
            total += elapsed([since, here])
        if inside and not before:
            since = here
    return total
