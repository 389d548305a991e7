"""The values in the record: attempts with their checks, and exams. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

TaskOutcome = Literal["passed", "failed", "broken"]


@dataclass(frozen=True)
class CheckRecord:
    """One grading. `day` is the date in the learner's time zone, which the time in UTC does not give."""

    at: datetime
    day: date
    run: int  # number of resets of the attempt before it
    whole: bool  # of the whole lab, with the restart that the lab requires
    score: float  # share of the possible points, 0 to 1
    verdict: TaskOutcome | None  # of the lab; None where a check was broken and nothing failed
    hints: int  # number shown before it in the attempt
    solved: bool  # whether the solution was shown before it
    in_time: bool | None = None  # in an exam: within the time limit
    tasks: tuple[tuple[str, TaskOutcome], ...] = ()  # (task, outcome); empty when read without details


@dataclass(frozen=True)
class HintRecord:
    """A hint that the learner asked for."""

    task: str
    at: datetime


@dataclass(frozen=True)
class AttemptRecord:
    """One attempt, with the lab's values at that time: later changes of the lab do not alter it."""

    id: str
    lab: str
    seed: int
    digest: str  # SHA-256 of the lab's files
    skills: tuple[str, ...]
    started: datetime
    last: datetime  # time of the newest event
    ended: bool  # stopped, or failed to start
    exam: str | None = None  # the exam that it belongs to
    solution: datetime | None = None  # when the solution was first shown
    hints: tuple[HintRecord, ...] = ()
    checks: tuple[CheckRecord, ...] = ()  # oldest first


@dataclass(frozen=True)
class DomainScore:
    """The points of one domain in an exam."""

    id: str
    score: float
    points: float


@dataclass(frozen=True)
class ExamRecord:
    """A graded exam."""

    id: str
    at: datetime
    name: str
    track: str
    seed: int
    score: float
    points: float
    pass_mark: float
    passed: bool
    late_minutes: float  # from the deadline until the graded state was observed
    domains: tuple[DomainScore, ...] = ()


def verdict(outcomes: Iterable[TaskOutcome]) -> TaskOutcome | None:
    """The outcome of a lab by those of its tasks: failed where one failed, passed where all passed, else None."""
    found = set(outcomes)
    if "failed" in found:
        return "failed"
    return "passed" if found == {"passed"} else None
