"""rung tasks, shell, hint, solution."""

from __future__ import annotations

import click

from rung.runner.cli.common import (
    attempt_option,
    current,
    examples,
    kept,
    lab_of,
    machine_names,
    quietly,
    running,
    task_ids,
)


@click.command(epilog=examples("rung tasks", "rung tasks account"))
@click.argument("task", required=False, shell_complete=quietly(task_ids))
@attempt_option
def tasks(task: str | None, attempt: str | None) -> None:
    """Show the tasks of the running lab.

    With TASK only that one. Inside the shell that Rung opened, `tasks` does the same.
    """
    from rung.runner.exams.access import require_outside
    from rung.runner.render.page import show
    from rung.runner.services.pages import tasks_of

    chosen = current(attempt)
    require_outside(chosen, "rung tasks")
    show(tasks_of(lab_of(chosen), task))


@click.command(epilog=examples("rung shell", "rung shell node2"))
@click.argument("machine", required=False, shell_complete=quietly(machine_names))
@attempt_option
def shell(machine: str | None, attempt: str | None) -> int:
    """Open a shell on a machine of the running lab.

    It is a real login. In it, `check` (also `check --live`) and `tasks` work, and `hint` and `reset` after
    a key press. Leave it with `exit`: the lab keeps running, and `rung shell` comes back.
    """
    from rung.runner.core.errors import UsageError
    from rung.runner.exams.access import require_outside
    from rung.runner.shell.lab_shell import open_shell
    from rung.runner.shell.proxy import at_a_terminal

    if not at_a_terminal():
        raise UsageError("A shell needs a terminal.", fix="Run `rung shell` in one; `rung check` works anywhere.")
    chosen = kept(attempt) or running(attempt, lambda found: require_outside(found, "rung shell"))
    return open_shell(chosen, lab_of(chosen), machine)


@click.command(epilog=examples("rung hint", "rung hint account"))
@click.argument("task", required=False, shell_complete=quietly(task_ids))
@attempt_option
def hint(task: str | None, attempt: str | None) -> None:
    """Show the next hint for a task.

    Without TASK it is the first one that the last `rung check` found wanting. Hints cost no points; that
    they were asked for is recorded.
    """
    from rung.runner.exams.access import require_unsealed
    from rung.runner.render.page import show
    from rung.runner.services.pages import hint_of

    chosen = current(attempt)
    require_unsealed(chosen, "rung hint")
    show(hint_of(chosen, lab_of(chosen), task))


@click.command(epilog=examples("rung solution", "rung solution > solution.sh"))
@attempt_option
def solution(attempt: str | None) -> None:
    """Show the lab's own solution.

    It is one right way of several. That it was looked at is recorded.
    """
    import sys

    from rung.runner.exams.access import require_unsealed
    from rung.runner.render.page import highlighted
    from rung.runner.services.pages import solution_of

    chosen = current(attempt)
    require_unsealed(chosen, "rung solution")
    text = solution_of(chosen, lab_of(chosen))
    click.echo(highlighted(text, "bash", sys.stdout), nl=False)
