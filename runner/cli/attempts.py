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
    """Show every attempt there is, and how to go on."""
    found = lifecycle.status()
    if as_json:
        print_json(status_data(found.attempts))
    else:
        show(add_spare_clusters(status_page(found.attempts), found.spares))


@click.command(epilog=examples("rung reset", "rung reset --attempt 1a2b3c4d"))
@attempt_option
def reset(attempt: str | None) -> None:
    """Put the machines back to their starting state.

    Whatever was done on them is lost. Values stay as they were drawn.
    """
    with Phases() as phases:
        found = lifecycle.reset(attempt, phases)
    print_leftovers(lifecycle.leftovers_of(found.driver, found.id))
    notice(f"{_machines(found)} back in the starting state.")


@click.command(epilog=examples("rung pause", "rung resume"))
@attempt_option
def pause(attempt: str | None) -> None:
    """Halt the machines where they are.

    Their processes stand still and cost no processor time; memory and files stay as they are. `rung resume`
    lets them go on.
    """
    found = lifecycle.pause(attempt)
    notice(f"{found.lab_name} is paused. Go on with ", ("rung resume", "command"), ".")


@click.command(epilog=examples("rung resume"))
@attempt_option
def resume(attempt: str | None) -> None:
    """Let the machines go on after a pause."""
    found = lifecycle.resume(attempt)
    notice(f"{found.lab_name} goes on: ", ("rung shell", "command"), ", ", ("rung check", "command"), ".")


@click.command(epilog=examples("rung stop", "rung stop --attempt 1a2b3c4d", "rung stop --all"))
@click.option("--all", "everything", is_flag=True, help="End every attempt, whatever state it is in.")
@click.option("--yes", is_flag=True, help="With --all: end an exam that is open as well, without being asked.")
@click.option("--forget", is_flag=True, help="Leave what lies in a cluster of your own that does not answer.")
@attempt_option
def stop(attempt: str | None, everything: bool, yes: bool, forget: bool) -> None:
    """End an attempt and remove its machines.

    What you did on the machines is lost; your hints and results stay recorded. From a cluster of your own
    everything is removed that was made for the lab, and nothing else.
    """
    if everything and attempt:
        raise UsageError("--all and --attempt do not go together.", fix="Leave one of them out.")
    if everything:
        if yes or _exams_may_end():
            _stop_all(forget=forget)
        return
    stopped = lifecycle.stop(attempt, forget=forget)
    click.echo(f"removed {stopped.lab_name} (attempt {stopped.id})")
    print_leftovers(stopped.leftovers)
    if stopped.spare_stays:
        click.echo("A cluster stays ready for the next lab; `rung stop --all` removes it.", err=True)


def _stop_all(*, forget: bool) -> None:
    every = current.attempts()
    removed: list[str] = []
    try:
        with Phases() as phases:
            lifecycle.stop_all(
                every,
                forget=forget,
                exam_ended=lambda name: click.echo(f"{name} is ended: it was not submitted.", err=True),
                removed=removed.append,
                progress=phases,
            )
    finally:
        for name in removed:
            click.echo(f"removed {name}")
            print_leftovers(lifecycle.leftovers_of(every.driver, name))
    if not removed:
        click.echo("Nothing was there to remove.", err=True)


def _exams_may_end() -> bool:
    """Whether no exam is open, or the person at the terminal agrees. Raises UsageError where nobody can be asked."""
    names = lifecycle.open_exams()
    if not names:
        return True
    lost = f"{' and '.join(names)} would end without a result, and what was done is lost."
    if not can_ask():
        raise UsageError(lost, fix="`rung exam submit` submits it; `rung stop --all --yes` ends it all the same.")
    click.echo(lost, err=True)
    return confirm("End it?")


def print_leftovers(names: Iterable[str]) -> None:
    """Say what is new in the user's cluster and was not removed."""
    listed = ", ".join(names)
    if listed:
        click.echo(f"In your cluster stays what is new there and not made for the lab: {listed}", err=True)


def _machines(attempt: Attempt) -> str:
    names = [machine.name for machine in attempt.machines]
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
