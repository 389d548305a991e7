"""Pages that a command prints and that the shell's own `tasks` and `hint` print as well."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rung.runner.render.page import Page

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.lab.model import Lab


def tasks_of(lab: Lab, task: str | None = None, *, in_shell: bool = False) -> Page:
    """The lab's tasks, or one of them. Raises UsageError for an unknown one, LabFileError, and where the lab's
    checks.py is not trusted."""
    from rung.runner.grading.grade import bound_checks
    from rung.runner.render.tasks import tasks_page
    from rung.runner.services.hints import named

    points: dict[str, int] = {}
    for question in bound_checks(lab, {}):
        points[question.task] = points.get(question.task, 0) + (0 if question.holds else question.points)
    return tasks_page(lab, points, only=[named(lab, task).id] if task else (), in_shell=in_shell)


def hint_of(attempt: Attempt, lab: Lab, task: str | None) -> Page:
    """The next hint of a task, which is recorded."""
    from rung.runner.services.hints import next_hint

    hints = next_hint(attempt, lab, task)
    page = Page()
    if not hints.shown:
        page.line(f"There is no hint for {hints.task}.")
        return page.line("Worth reading: ", ", ".join(lab.docs)) if lab.docs else page
    shown = hints.shown[-1:] if hints.fresh else hints.shown
    first = len(hints.shown) - len(shown) + 1
    for number, text in enumerate(shown, first):
        page.line((f"{hints.task}, hint {number} of {hints.total}", "strong"))
        page.markdown(text, indent=2)
    if not hints.fresh:
        page.line(("These are all of its hints. ", "dim"), ("rung solution", "command"), (" shows a solution.", "dim"))
    return page


def solution_of(attempt: Attempt, lab: Lab) -> str:
    """solution.sh below the values it uses, which is recorded. Raises UsageError where there is none."""
    from rung.runner.core.errors import UsageError
    from rung.runner.lab import loader

    path = lab.folder / "solution.sh"
    if not path.exists():
        raise UsageError(f"{lab.name} has no solution.", fix="`rung hint` may help.")
    attempt.journal.append("solution")
    values = {name: value for name, value in loader.environment(lab).items() if name != "RUNG_SEED"}
    head = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    return (f"# what this attempt drew\n{head}\n" if head else "") + path.read_text(encoding="utf-8")
