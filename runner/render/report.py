"""The page of `rung check`: each check with what was expected and found, and what to try next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rung.checks.core.outcome import Outcome
from rung.runner.render.page import Page, Piece, count

if TYPE_CHECKING:
    from rung.runner.grading.report import CheckReport, Report, TaskReport

MARKS = {
    Outcome.PASSED: ("✓", "passed"),
    Outcome.FAILED: ("✗", "failed"),
    Outcome.BLOCKED: ("◌", "blocked"),
    Outcome.BROKEN: ("!", "broken"),
}


def host_command(command: str, attempt: str = "") -> str:
    """A command as typed on the learner's computer; `attempt` is ` --attempt ID` or empty."""
    return f"rung {command}{attempt}"


def shell_command(command: str) -> str:
    """A command as typed in the machine's shell, where four commands need no `rung`."""
    return command if command.split()[0] in ("check", "tasks", "hint", "reset") else host_command(command)


def report_page(
    report: Report, *, title: str = "", typed: Callable[[str], str] = host_command, live_only: bool = False
) -> Page:
    """The whole report; `typed` turns a command into what the learner types there."""
    page = Page()
    if title:
        page.line((title, "title"), (f"  {report.lab}, seed {report.seed}", "dim"))
    several = len({c.machine for t in report.tasks for c in t.checks}) > 1
    for task in report.tasks:
        page.line()
        _task(page, task, several=several)
    page.line()
    _summary(page, report, live_only=live_only)
    _next(page, report, typed, live_only=live_only)
    return page


def _task(page: Page, task: TaskReport, *, several: bool) -> None:
    worth = f"  {task.score} of {count(task.points, 'point')}"
    page.line((task.id, "strong"), (worth, "passed" if task.passed else "dim"), mark=_task_mark(task))
    for check in task.checks:
        _check(page, check, several=several)


def _task_mark(task: TaskReport) -> tuple[str, str]:
    if task.passed and not any(c.outcome is Outcome.BROKEN for c in task.checks):
        return MARKS[Outcome.PASSED]
    found = {c.outcome for c in task.checks}
    return next(MARKS[o] for o in (Outcome.FAILED, Outcome.BLOCKED, Outcome.BROKEN) if o in found)


def _check(page: Page, check: CheckReport, *, several: bool) -> None:
    aside = _aside(check, several=several)
    page.line(check.title, (aside, "dim"), indent=2, mark=MARKS[check.outcome])
    for reason in check.reasons:
        page.line(reason, indent=6)
    if check.outcome is Outcome.BROKEN:
        page.line(f"Rung could not ask: {check.error or 'no reason is known'}", indent=6)
    for line in _restart(check):
        page.line((line, "warning"), indent=6)


def _aside(check: CheckReport, *, several: bool) -> str:
    words = [check.id]
    if several:
        words.append(check.machine)
    if check.holds:
        words.append("must stay so")
    elif check.outcome is not Outcome.PASSED:
        words.append(count(check.points, "point"))
    if check.outcome is Outcome.BLOCKED:
        words.append("waits for a task before it")
    if check.outcome is Outcome.BROKEN:
        words.append("not scored")
    return f"  [{', '.join(words)}]"


def _restart(check: CheckReport) -> list[str]:
    """Sentences on what the restart changed."""
    if check.live is None or check.live is check.outcome or check.live is Outcome.BROKEN:
        return []
    if check.passed:
        return ["It failed before the restart and holds after it.", *(f"Before: {r}" for r in check.live_reasons)]
    if check.live is Outcome.PASSED:
        return ["It held before the restart, but did not last."]
    return []


def _summary(page: Page, report: Report, *, live_only: bool) -> None:
    share = f" ({100 * report.score // report.points} %)" if report.points else ""
    style = "passed" if report.passed else "strong"
    pieces: list[Piece] = [(f"{report.score} of {count(report.points, 'point')}{share}", style)]
    if report.restarted:
        pieces.append((f", after a restart of {' and '.join(report.restarted)}", "dim"))
    if live_only:
        pieces.append((", without a restart: not yet the score", "dim"))
    page.line(*pieces)
    if report.broken:
        number = count(len(report.broken), "check")
        page.line((f"{number} could not be asked, which is not your doing; nothing is scored for it.", "broken"))


def _next(page: Page, report: Report, typed: Callable[[str], str], *, live_only: bool) -> None:
    """What to try next."""
    if report.passed and live_only:
        page.line(
            "All of it holds now. Does it last? ", (typed("check"), "command"), " restarts the machines to find out."
        )
    elif report.passed:
        page.line("Everything is as it should be. ", (typed("stop"), "command"), " removes the machines, ",
                  (typed("solution"), "command"), " shows another way.")  # fmt: skip
    elif task := next_task(report):
        page.line(f"Next: {task}. ", (typed(f"hint {task}"), "command"), " gives a hint, ",
                  (typed(f"check {task}"), "command"), " grades it alone.")  # fmt: skip
    elif report.broken:
        page.line("Try again; if it stays so, ", ("rung doctor", "command"), " looks for the cause.")


def next_task(report: Report) -> str | None:
    """The first task with a failed check, or else the first with a blocked one."""
    for outcome in (Outcome.FAILED, Outcome.BLOCKED):
        for task in report.tasks:
            if any(c.outcome is outcome for c in task.checks):
                return task.id
    return None


def changes(before: Report, after: Report) -> Page:
    """The checks whose outcome differs from the report before, one line each."""
    page = Page()
    old = before.checks()
    for name, check in after.checks().items():
        earlier = old[name].outcome if name in old else None
        if earlier is not check.outcome:
            reason = f": {check.reasons[0]}" if check.reasons and not check.passed else ""
            page.line(f"{name} {check.outcome}{reason}", mark=MARKS[check.outcome])
    return page


def exit_code(report: Report) -> int:
    """0 where all checks passed, 1 where one failed, 3 where none failed but one is broken."""
    if report.passed:
        return 0
    failed = any(c.outcome in (Outcome.FAILED, Outcome.BLOCKED) for t in report.tasks for c in t.checks)
    return 1 if failed or not report.broken else 3
