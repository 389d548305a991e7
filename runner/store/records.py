"""What the record holds, as values: attempts with their checks, and exams. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Outcome = Literal["passed", "failed", "broken"]


@dataclass(frozen=True)
class CheckRecord:
    """One grading. `day` is the learner's own, kept because the time alone (UTC) does not tell it."""

    at: datetime
    day: date
    run: int  # how many times the attempt had been reset before
    whole: bool  # of the whole lab, with the restart that its score asks for
    score: float  # the share of the points that could be had
    verdict: Outcome | None  # of the lab; None where Rung could not ask everything and nothing failed
    hints: int  # seen before, of the whole attempt
    solved: bool  # the solution had been looked at
    in_time: bool | None = None  # of an exam's
    tasks: tuple[tuple[str, Outcome], ...] = ()  # left out where only verdicts are asked for


@dataclass(frozen=True)
class HintRecord:
    """A hint that was asked for."""

    task: str
    at: datetime


@dataclass(frozen=True)
class AttemptRecord:
    """One learner on one lab, with what was true then: later changes of the lab do not rewrite it."""

    id: str
    lab: str
    seed: int
    digest: str  # SHA-256 of the lab's files
    skills: tuple[str, ...]
    started: datetime
    last: datetime  # the newest event
    ended: bool  # stopped, or never got ready
    exam: str | None = None  # the exam that it was part of
    solution: datetime | None = None  # when the solution was looked at first
    hints: tuple[HintRecord, ...] = ()
    checks: tuple[CheckRecord, ...] = ()  # oldest first


@dataclass(frozen=True)
class DomainScore:
    """Points of one domain of an exam."""

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
    late_minutes: float  # how long after the deadline the graded state was seen
    domains: tuple[DomainScore, ...] = ()


def verdict(outcomes: Iterable[Outcome]) -> Outcome | None:
    """What the outcomes of a lab's tasks say of the lab: failed where one failed, passed where all passed."""
    found = set(outcomes)
    if "failed" in found:
        return "failed"
    return "passed" if found == {"passed"} else None
