"""rung tasks, shell, hint, solution."""

from __future__ import annotations

import sys

import click

from rung.runner.cli import short_lived
from rung.runner.cli.common import attempt_option, examples, machine_names, quietly, task_ids
from rung.runner.core.errors import UsageError
from rung.runner.render.hints import hints_page
from rung.runner.render.page import highlighted, notice, show
from rung.runner.render.tasks import tasks_page
from rung.runner.services.current import (
    failed_start,
    lab_of,
    outside_attempt,
    require_outside,
    running,
    unsealed_attempt,
)
from rung.runner.services.hints import next_hint, solution_of
from rung.runner.services.tasks import tasks_of
from rung.runner.shell import lab_shell, proxy


@click.command(epilog=examples("rung tasks", "rung tasks account"))
@click.argument("task", required=False, shell_complete=quietly(task_ids))
@attempt_option
def tasks(task: str | None, attempt: str | None) -> None:
    """Show the tasks of the running lab.

    With TASK only that task. In the lab's shell, `tasks` does the same.
    """
    chosen = outside_attempt(attempt, "rung tasks")
    found = tasks_of(lab_of(chosen, notice), task)
    show(tasks_page(found.lab, found.points, found.only))


@click.command(epilog=examples("rung shell", "rung shell node2"))
@click.argument("machine", required=False, shell_complete=quietly(machine_names))
@attempt_option
def shell(machine: str | None, attempt: str | None) -> int:
    """Open a shell on a machine of the running lab.

    It is a real login. In it, `check`, `check --live` and `tasks` work, and, once you confirm with a key, `hint`
    and `reset`. Leave it with `exit`: the lab keeps running, and `rung shell` returns to it.
    """
    if not proxy.at_a_terminal():
        raise UsageError("A shell needs a terminal.", fix="Run `rung shell` in one; `rung check` works anywhere.")
    chosen = failed_start(attempt, notice) or running(
        attempt, lambda found: require_outside(found, "rung shell"), tell=notice
    )
    short_lived.leave()
    return lab_shell.open_shell(chosen, lab_of(chosen, notice), machine)


@click.command(epilog=examples("rung hint", "rung hint account"))
@click.argument("task", required=False, shell_complete=quietly(task_ids))
@attempt_option
def hint(task: str | None, attempt: str | None) -> None:
    """Show the next hint for a task.

    Without TASK, a hint for the first task that failed in the last `rung check`. Hints cost no points; Rung
    records that you asked for them.
    """
    chosen = unsealed_attempt(attempt, "rung hint")
    lab = lab_of(chosen, notice)
    hints = next_hint(chosen, lab, task)
    show(hints_page(hints.task, hints.shown, hints.total, fresh=hints.fresh, docs=lab.docs))


@click.command(epilog=examples("rung solution", "rung solution > solution.sh"))
@attempt_option
def solution(attempt: str | None) -> None:
    """Show the lab's own solution.

    It is one right way of several. Rung records that you looked at it.
    """
    chosen = unsealed_attempt(attempt, "rung solution")
    text = solution_of(chosen, lab_of(chosen, notice))
    click.echo(highlighted(text, "bash", sys.stdout), nl=False)
