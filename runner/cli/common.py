"""Shared by several commands: the option that names an attempt, completion, questions at the terminal, output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from rung.runner.services import current


def can_ask() -> bool:
    """Whether a person can be asked: stdin and stderr are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, default: bool = False) -> bool:
    """Ask a yes-or-no question on stderr, and return the answer."""
    return click.confirm(question, default=default, err=True)


def echo(*pieces: object) -> None:
    """A Tell that prints plain text on stderr."""
    click.echo("".join(map(str, pieces)), err=True)


def quietly(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """A completion that offers the names that fit; after any error it offers none."""

    def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        try:
            return [name for name in names() if name.startswith(incomplete)]
        except Exception:  # messages and tracebacks would spoil the line that the learner types
            return []

    return complete


def attempt_ids() -> Iterable[str]:
    """The ids of all attempts, for completion."""
    return [attempt.id for attempt in current.attempts().all()]


def task_ids() -> Iterable[str]:
    """The ids of the running lab's tasks, for completion."""
    return [task.id for task in current.current(None).lab().tasks]


def machine_names() -> Iterable[str]:
    """The names of the running lab's machines that have a shell, for completion."""
    return [machine.name for machine in current.current(None).machines if machine.shell]


def attempt_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--attempt ID` to a command."""
    return click.option(
        "--attempt",
        metavar="ID",
        shell_complete=quietly(attempt_ids),
        help="The attempt, where several run (`rung status` lists them).",
    )(command)


def examples(*lines: str) -> str:
    """The epilog of a help page, with one example in each line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def print_json(data: object, *, indent: int | None = 2) -> None:
    """Print JSON on stdout; `indent` None: on one line."""
    import json

    click.echo(json.dumps(data, indent=indent, ensure_ascii=False))
