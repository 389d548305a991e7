"""The time that a candidate spent on a question: while a shell of it was open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rung.runner.exams.clock import Moment, elapsed


def visited(events: Sequence[Mapping[str, Any]], number: int, end: Moment) -> float:
    """Seconds in which at least one shell of a question was open, up to `end`.

    A shell that was killed recorded no end: it counts until the next shell was opened, or until no process served
    the exam.
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
