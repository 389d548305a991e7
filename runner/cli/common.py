"""What several commands need: the option that names an attempt, completion, questions at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from rung.runner.services import current


def can_ask() -> bool:
    """Whether a person sits at the terminal who can answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, default: bool = False) -> bool:
    """Ask on stderr; the answer."""
    return click.confirm(question, default=default, err=True)


def echo(*pieces: object) -> None:
    """A Tell that prints plain text on stderr."""
    click.echo("".join(map(str, pieces)), err=True)


def quietly(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """A completion that offers those of `names()` that fit, and nothing where anything goes wrong."""

    def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        try:
            return [name for name in names() if name.startswith(incomplete)]
        except Exception:  # a learner presses Tab: neither a message nor a traceback has a place there
            return []

    return complete


def lab_names() -> Iterable[str]:
    """Names of all labs, for completion."""
    from rung.runner.services.labs import lab_names as names

    return names()


def attempt_ids() -> Iterable[str]:
    """Ids of all attempts, for completion."""
    return [attempt.id for attempt in current.attempts().all()]


def task_ids() -> Iterable[str]:
    """Ids of the running lab's tasks, for completion."""
    return [task.id for task in current.current(None).lab().tasks]


def machine_names() -> Iterable[str]:
    """Names of the running lab's machines that have a shell, for completion."""
    return [machine.name for machine in current.current(None).machines if machine.shell]


def attempt_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--attempt ID` to a command."""
    return click.option(
        "--attempt",
        metavar="ID",
        shell_complete=quietly(attempt_ids),
        help="The attempt that is meant, where several run (`rung status` lists them).",
    )(command)


def examples(*lines: str) -> str:
    """The epilog of a help page."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def print_json(data: object, *, indent: int | None = 2) -> None:
    """Print JSON on stdout; without `indent` on one line."""
    import json

    click.echo(json.dumps(data, indent=indent, ensure_ascii=False))
