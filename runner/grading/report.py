"""The report of a grading, as values and as the JSON of `rung check --json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NotRequired, TypedDict

from rung.checks.core.outcome import Outcome

OutcomeName = Literal["passed", "failed", "blocked", "broken"]


class LiveJson(TypedDict):
    outcome: OutcomeName
    reasons: list[str]


class CheckJson(TypedDict):
    id: str
    title: str
    machine: str
    outcome: OutcomeName
    points: int
    holds: bool
    when: str | None
    reasons: list[str]
    hint: str | None
    error: str | None
    live: NotRequired[LiveJson]


class TaskJson(TypedDict):
    id: str
    score: int
    points: int
    checks: list[CheckJson]


class ReportJson(TypedDict):
    lab: str
    attempt: str
    seed: int
    score: int
    points: int
    tasks: list[TaskJson]


@dataclass(frozen=True)
class CheckReport:
    """One evaluated expectation."""

    id: str
    title: str
    machine: str
    outcome: Outcome
    points: int
    holds: bool = False
    when: str | None = None
    reasons: list[str] = field(default_factory=list)  # sentences: expected X, found Y
    hint: str | None = None
    error: str | None = None  # why Rung could not ask (outcome broken)
    # What was found before the restart; None where the machine was not restarted.
    live: Outcome | None = None
    live_reasons: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED


@dataclass(frozen=True)
class TaskReport:
    """One task; its score: points of the checks that passed, less those of guards that fail, never below 0."""

    id: str
    text: str
    checks: list[CheckReport]

    @property
    def points(self) -> int:
        """The highest possible score; broken checks do not count."""
        return sum(c.points for c in self.checks if not c.holds and c.outcome is not Outcome.BROKEN)

    @property
    def score(self) -> int:
        earned = sum(c.points for c in self.checks if c.passed and not c.holds)
        lost = sum(c.points for c in self.checks if c.holds and c.outcome in (Outcome.FAILED, Outcome.BLOCKED))
        return max(0, earned - lost)

    @property
    def passed(self) -> bool:
        """Whether every check passed that is not broken, and there is at least one."""
        asked = [c for c in self.checks if c.outcome is not Outcome.BROKEN]
        return bool(asked) and all(c.passed for c in asked)


@dataclass(frozen=True)
class Report:
    """The report of one attempt."""

    lab: str
    attempt: str
    seed: int
    tasks: list[TaskReport]
    restarted: list[str] = field(default_factory=list)  # machines restarted before the score was taken

    @property
    def points(self) -> int:
        return sum(t.points for t in self.tasks)

    @property
    def score(self) -> int:
        return sum(t.score for t in self.tasks)

    @property
    def share(self) -> float:
        """The score as a share of the points, 0 to 1; 0 where the lab has no points."""
        return self.score / self.points if self.points else 0.0

    @property
    def broken(self) -> list[CheckReport]:
        return [c for t in self.tasks for c in t.checks if c.outcome is Outcome.BROKEN]

    @property
    def passed(self) -> bool:
        """Whether every task passed and no check is broken."""
        return bool(self.tasks) and not self.broken and all(t.passed for t in self.tasks)

    def checks(self) -> dict[str, CheckReport]:
        """The reports of all checks, by `task.check`."""
        return {f"{t.id}.{c.id}": c for t in self.tasks for c in t.checks}

    def as_json(self) -> ReportJson:
        """The published form; docs/report.schema.json says what each key means."""
        return {
            "lab": self.lab,
            "attempt": self.attempt,
            "seed": self.seed,
            "score": self.score,
            "points": self.points,
            "tasks": [
                {"id": t.id, "score": t.score, "points": t.points, "checks": [_check_json(c) for c in t.checks]}
                for t in self.tasks
            ],
        }


def _check_json(check: CheckReport) -> CheckJson:
    data: CheckJson = {
        "id": check.id,
        "title": check.title,
        "machine": check.machine,
        "outcome": check.outcome.value,
        "points": check.points,
        "holds": check.holds,
        "when": check.when,
        "reasons": check.reasons,
        "hint": check.hint,
        "error": check.error,
    }
    if check.live is not None:
        data["live"] = {"outcome": check.live.value, "reasons": check.live_reasons}
    return data
