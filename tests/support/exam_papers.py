"""A paper of two questions, and an exam on it that is made of entries of its journal."""

from __future__ import annotations

from typing import Any

from rung.runner.exams.clock import Moment
from rung.runner.exams.paper import ExamPaper, ExamQuestion
from rung.runner.exams.session import ExamSession

DAY = 1_800_000_000.0
PAPER = ExamPaper(
    name="three",
    title="Three",
    track="rhcsa10",
    minutes=60,
    points=100,
    pass_mark=60,
    reboot=False,
    seed=7,
    digest="d",
    content="c",
    questions=tuple(
        ExamQuestion(n, f"lab-{n}", "/x", "d", n, "T", "rhcsa10.tools", "easy", 5, 1, 50, "linux", f"a{n}")
        for n in (1, 2)
    ),
)

Entry = tuple[float, str, dict[str, Any]]


def at(seconds: float, boot: str = "one", up: float | None = None) -> Moment:
    up = 1000 + seconds if up is None else up
    return Moment(DAY + seconds, boot, up, up)


def made(*entries: Entry, now: float, mode: str = "exam", minutes: int | None = 60) -> ExamSession:
    """An exam whose clock began at 0, and what was entered after so many seconds."""
    drawn = {"event": "drawn", "at": "2027-01-15", "mode": mode, "minutes": minutes, "paper": PAPER.as_json()}
    events = [drawn | {"clock": at(-5).as_json()}]
    for seconds, event, data in [(0.0, "started", {}), *entries]:
        events.append({"event": event, "at": "x", "clock": at(seconds).as_json(), **data})
    return ExamSession("0badcafe", tuple(events), at(now))
