"""rung status, reset, pause, resume, stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rung.runner.cli.common import attempt_option, can_ask, confirm, examples, print_json
from rung.runner.core.errors import UsageError
from rung.runner.render.attempts import add_spare_clusters, status_data, status_page
from rung.runner.render.page import notice, show
from rung.runner.render.phases import Phases
from rung.runner.services import current, lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rung.runner.attempts.attempt import Attempt


@click.command(epilog=examples("rung status", "rung status --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Show all attempts, and how to go on."""
    found = lifecycle.status()
    if as_json:
        print_json(status_data(found.attempts))
    else:
        show(add_spare_clusters(status_page(found.attempts), found.spares))


@click.command(epilog=examples("rung reset", "rung reset --attempt 1a2b3c4d"))
@attempt_option
def reset(attempt: str | None) -> None:
    """Put the machines back to their starting state.

    All work on them is lost. The lab keeps its values.
    """
    with Phases() as phases:
        found = lifecycle.reset(attempt, phases)
    print_leftovers(lifecycle.leftovers_of(found.driver, found.id))
    notice(f"{_machines(found)} back in the starting state.")


@click.command(epilog=examples("rung pause", "rung resume"))
@attempt_option
def pause(attempt: str | None) -> None:
    """Freeze the machines as they are.

    Their processes use no processor time, and keep their memory and files. `rung resume` resumes them.
    """
    found = lifecycle.pause(attempt)
    notice(f"{found.lab_name} is paused. Go on with ", ("rung resume", "command"), ".")


@click.command(epilog=examples("rung resume"))
@attempt_option
def resume(attempt: str | None) -> None:
    """Resume the machines after a pause."""
    found = lifecycle.resume(attempt)
    notice(f"{found.lab_name} is running again: ", ("rung shell", "command"), ", ", ("rung check", "command"), ".")


@click.command(epilog=examples("rung stop", "rung stop --attempt 1a2b3c4d", "rung stop --all"))
@click.option("--all", "everything", is_flag=True, help="End every attempt in any state, and remove spare clusters.")
@click.option("--yes", is_flag=True, help="With --all: end an open exam, too, without asking.")
@click.option("--forget", is_flag=True, help="Leave behind what is in a cluster of your own that does not answer.")
@attempt_option
def stop(attempt: str | None, everything: bool, yes: bool, forget: bool) -> None:
    """End an attempt and remove its machines.

    All work on the machines is lost; your hints and results stay recorded. From a cluster of your own Rung
    removes everything that was created for the lab, and nothing else.
    """
    if everything and attempt:
        raise UsageError("--all and --attempt exclude each other.", fix="Leave one of them out.")
    if everything:
        if yes or _exams_may_end():
            _stop_all(forget=forget)
        return
    stopped = lifecycle.stop(attempt, forget=forget)
    click.echo(f"removed {stopped.lab_name} (attempt {stopped.id})")
    print_leftovers(stopped.leftovers)
    if stopped.spare_stays:
        click.echo("A spare cluster is kept for the next lab; `rung stop --all` removes it.", err=True)


def _stop_all(*, forget: bool) -> None:
    every = current.attempts()
    removed: list[str] = []
    try:
        with Phases() as phases:
            lifecycle.stop_all(
                every,
                forget=forget,
                exam_ended=lambda name: click.echo(f"{name} has ended without being submitted.", err=True),
                removed=removed.append,
                progress=phases,
            )
    finally:
        for name in removed:
            click.echo(f"removed {name}")
            print_leftovers(lifecycle.leftovers_of(every.driver, name))
    if not removed:
        click.echo("There is nothing to remove.", err=True)


def _exams_may_end() -> bool:
    """Whether no exam is open, or the user agrees to end it. Raises UsageError where nobody can be asked."""
    names = lifecycle.open_exams()
    if not names:
        return True
    lost = f"{' and '.join(names)} would end without a result, and all work on it is lost."
    if not can_ask():
        raise UsageError(lost, fix="`rung exam submit` submits it; `rung stop --all --yes` ends it all the same.")
    click.echo(lost, err=True)
    return confirm("End it?")


def print_leftovers(names: Iterable[str]) -> None:
    """Print what is new in the user's cluster and was not removed, if there is anything."""
    listed = ", ".join(names)
    if listed:
        click.echo(f"New in your cluster, not created for the lab, and left there: {listed}", err=True)


def _machines(attempt: Attempt) -> str:
    names = [machine.name for machine in attempt.machines]
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
