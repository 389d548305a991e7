"""Turns the events of a journal into an attempt record or an exam record. No I/O here.

Any version of Rung may have written a journal, and a power cut may have truncated it. So a missing value, or one of an
unexpected type, is ignored, and the rest is read all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rung.runner.store.records import (
    AttemptRecord,
    CheckRecord,
    DomainScore,
    ExamRecord,
    HintRecord,
    TaskOutcome,
    verdict,
)

Event = dict[str, Any]
SkillsOf = Callable[[tuple[str, ...]], tuple[str, ...]]  # objectives -> skills that they require


def attempt_of(name: str, events: Iterable[Event], skills_of: SkillsOf) -> AttemptRecord | None:
    """The attempt that a journal describes; None where no event names the lab.

    A lab trains the skills that it names, or, where it names none, those of its objectives.
    """
    reading = _Reading()
    for event in events:
        at = time_of(event)
        if at is not None:
            reading.read(event, at)
    head = reading.head
    if head is None or reading.started is None or reading.last is None:
        return None
    return AttemptRecord(
        id=name,
        lab=str(head["lab"]),
        seed=_int(head.get("seed")),
        digest=str(head.get("digest", "")),
        skills=_words(head.get("skills")) or skills_of(_words(head.get("objectives"))),
        started=reading.started,
        last=reading.last,
        ended=reading.ended,
        exam=_text(head.get("exam")) or reading.exam,
        solution=reading.solution,
        hints=tuple(reading.hints),
        checks=tuple(reading.checks),
    )


@dataclass
class _Reading:
    """The state of an attempt after the events read so far."""

    head: Event | None = None  # the newest `starting` event
    started: datetime | None = None
    last: datetime | None = None
    ended: bool = False
    exam: str | None = None
    run: int = 0
    solution: datetime | None = None
    hints: list[HintRecord] = field(default_factory=list)
    checks: list[CheckRecord] = field(default_factory=list)

    def read(self, event: Event, at: datetime) -> None:
        self.last = at if self.last is None else max(self.last, at)
        match event.get("event"):
            case "starting" if isinstance(event.get("lab"), str):
                self.head, self.ended = event, False
                self.started = self.started or at
            case "ready" | "kept":
                self.ended = False
            case "failed" | "stopped":
                self.ended = True
            case "reset":
                self.run += 1
            case "hint" if isinstance(event.get("task"), str):
                self.hints.append(HintRecord(event["task"], at))
            case "solution":
                self.solution = self.solution or at
            case "report" | "look" as name if isinstance(event.get("report"), dict):
                self.exam = self.exam or _text(event.get("exam"))
                self.checks.append(self._check(event, at, whole=name == "report"))

    def _check(self, event: Event, at: datetime, *, whole: bool) -> CheckRecord:
        tasks = _tasks(event["report"])
        in_time = event.get("in_time")
        return CheckRecord(
            at=at,
            day=at.astimezone().date(),
            run=self.run,
            whole=whole,
            score=_score(event),
            verdict=verdict(outcome for _, outcome in tasks),
            hints=len(self.hints),
            solved=self.solution is not None,
            in_time=in_time if isinstance(in_time, bool) else None,
            tasks=tasks,
        )


def _score(event: Event) -> float:
    """The share of the points, from 0 to 1.

    Until version 0.2 a `score` of 0.99 meant all points with a failed check, so the report's points come first.
    """
    report = event["report"]
    score, points = _number(report.get("score")), _number(report.get("points"))
    return min(score / points, 1.0) if points else _number(event.get("score"), most=1.0)


def _tasks(report: Event) -> tuple[tuple[str, TaskOutcome], ...]:
    """The tasks of a report with their outcomes."""
    found: dict[str, TaskOutcome] = {}
    for task in _mappings(report.get("tasks")):
        outcomes = {check.get("outcome") for check in _mappings(task.get("checks"))}
        if outcomes & {"failed", "blocked"}:
            found[str(task.get("id"))] = "failed"
        elif outcomes:
            found[str(task.get("id"))] = "passed" if outcomes == {"passed"} else "broken"
    return tuple(found.items())


def exam_of(name: str, events: Iterable[Event]) -> ExamRecord | None:
    """The exam that a journal describes; None where it has not been graded."""
    graded = [(event, at) for event in events if event.get("event") == "graded" and (at := time_of(event))]
    if not graded:
        return None
    event, at = graded[0]  # the first result counts
    return ExamRecord(
        id=name,
        at=at,
        name=str(event.get("name", "")),
        track=str(event.get("track", "")),
        seed=_int(event.get("seed")),
        score=_number(event.get("score")),
        points=_number(event.get("points")),
        pass_mark=_number(event.get("pass_mark")),
        passed=event.get("passed") is True,
        late_minutes=_number(event.get("late_minutes")),
        domains=tuple(
            DomainScore(str(domain.get("id")), _number(domain.get("score")), _number(domain.get("points")))
            for domain in {str(d.get("id")): d for d in _mappings(event.get("domains"))}.values()
        ),
    )


def time_of(event: Event) -> datetime | None:
    """The time of an event in UTC; None where it has none."""
    try:
        at = datetime.fromisoformat(event["at"])
    except (KeyError, TypeError, ValueError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _mappings(value: Any) -> list[Event]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _words(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w for w in value if isinstance(w, str))) if isinstance(value, list) else ()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _int(value: Any) -> int:
    return value if type(value) is int and abs(value) < 1 << 63 else 0


def _number(value: Any, most: float = 1e6) -> float:
    """The value within 0 and `most`; anything that is not a number, NaN included, counts as 0."""
    return min(float(value), most) if type(value) in (int, float) and value > 0 else 0.0
