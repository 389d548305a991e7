"""Hints, one at a time, and the solution; both are recorded in the journal."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.runner.core.errors import UsageError
from rung.runner.core.text import did_you_mean
from rung.runner.grading.record import last_report

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.lab.model import Lab, Task


@dataclass(frozen=True)
class Hints:
    """The hints of a task."""

    task: str
    shown: tuple[str, ...]  # those asked for so far
    total: int  # how many the task has
    fresh: bool  # whether the last one in `shown` is new


def next_hint(attempt: Attempt, lab: Lab, task: str | None) -> Hints:
    """Show one more hint of a task, and record it; once all have been shown, all of them again.

    task: its id; None: the first task with unseen hints among those with failed checks in the last report, or among
    all tasks where nothing failed. Raises UsageError for an unknown task.
    """
    report = last_report(attempt)
    chosen = task_named(lab, task) if task else _likely(attempt, lab, report)
    hints = _of(chosen, report)
    seen = _seen(attempt, chosen.id)
    if seen >= len(hints):
        return Hints(chosen.id, tuple(hints), len(hints), fresh=False)
    attempt.journal.append("hint", task=chosen.id, number=seen + 1, of=len(hints))
    return Hints(chosen.id, tuple(hints[: seen + 1]), len(hints), fresh=True)


def task_named(lab: Lab, name: str) -> Task:
    """The task with this id. Raises UsageError where there is none."""
    found = next((t for t in lab.tasks if t.id == name), None)
    if found is None:
        ids = [t.id for t in lab.tasks]
        near = did_you_mean(name, ids)
        raise UsageError(f"{lab.name} has no task `{name}`{near or '.'}", fix=f"Its tasks: {', '.join(ids)}.")
    return found


def _likely(attempt: Attempt, lab: Lab, report: dict[str, Any] | None) -> Task:
    failing = [t["id"] for t in (report or {}).get("tasks", ()) if _outcomes(t) & {"failed"}]
    order = [t for t in lab.tasks if t.id in failing] or list(lab.tasks)
    unseen = [t for t in order if _seen(attempt, t.id) < len(_of(t, report))]
    return (unseen or order)[0]


def _outcomes(task: dict[str, Any]) -> set[str]:
    return {c["outcome"] for c in task["checks"]}


def _seen(attempt: Attempt, task: str) -> int:
    return sum(1 for e in attempt.journal.events("hint") if e.get("task") == task)


def _of(task: Task, report: dict[str, Any] | None) -> list[str]:
    """The task's own hints, then those of its expectations, then those of its checks in the last report."""
    reported = [
        c["hint"] for t in (report or {}).get("tasks", ()) if t["id"] == task.id for c in t["checks"] if c["hint"]
    ]
    return list(dict.fromkeys([*task.hint, *(e.hint for e in task.expect if e.hint), *reported]))


def solution_of(attempt: Attempt, lab: Lab) -> str:
    """The text of solution.sh, below the values of the attempt as variables; the journal records it.

    Raises UsageError where the lab has no solution.
    """
    from rung.runner.lab.loader import environment

    path = lab.folder / "solution.sh"
    if not path.exists():
        raise UsageError(f"{lab.name} has no solution.", fix="`rung hint` may help.")
    attempt.journal.append("solution")
    values = {name: value for name, value in environment(lab).items() if name != "RUNG_SEED"}
    head = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    return (f"# the values of this attempt\n{head}\n" if head else "") + path.read_text(encoding="utf-8")
