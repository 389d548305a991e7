"""rung start, status, reset, pause, resume, stop."""

from __future__ import annotations

import sys

import click

from rung.runner.cli.common import attempt_option, attempts, current, examples, lab_names, quietly


@click.command(
    epilog=examples(
        "rung start                              proposes a lab",
        "rung start users-and-groups             that lab, with values drawn anew",
        "rung start users-and-groups --seed 7    the same values as everyone else who says 7",
        "rung start ./my-lab --no-shell          a lab of your own; prints its tasks and returns",
    )
)
@click.argument("lab", required=False, metavar="[LAB|PATH]", shell_complete=quietly(lab_names))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), metavar="N", help="Draw the lab's values by this number.")
@click.option("--no-shell", is_flag=True, help="Print the tasks and return instead of opening a shell.")
@click.option("--new", is_flag=True, help="Start afresh even if this lab is running already.")
@click.option("--keep", is_flag=True, help="Keep what was made when the start fails, to look at it.")
def start(lab: str | None, seed: int | None, no_shell: bool, new: bool, keep: bool) -> int:
    """Start a lab: its machines, its starting state, then your shell.

    Without LAB, Rung proposes the easiest one that you have not passed. If the lab is running already,
    you go on with it. In a terminal the machine's shell opens after the tasks; leaving it leaves the
    lab running.
    """
    from rung.runner.cli.starting import begin, choose

    every = attempts()
    every.driver.warm()
    entry = choose(lab)
    if entry is None:
        return 0
    return begin(every, entry, seed=seed, shell=not no_shell, new=new, keep=keep)


@click.command(epilog=examples("rung status", "rung status --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Show every attempt there is, and how to go on."""
    from rung.runner.render import show
    from rung.runner.render_attempts import status_data, status_page

    found = attempts().all()
    if as_json:
        import json

        click.echo(json.dumps(status_data(found), indent=2))
    else:
        show(status_page(found))


@click.command(epilog=examples("rung reset", "rung reset --attempt 1a2b3c4d"))
@attempt_option
def reset(attempt: str | None) -> None:
    """Put the machines back to their starting state.

    Whatever was done on them is lost. Values stay as they were drawn.
    """
    from rung.runner.phases import Phases
    from rung.runner.render import notice

    chosen = current(attempt)
    with Phases() as phases:
        chosen.reset(phases)
    notice(f"{_machines(chosen)} back in the starting state.")


@click.command(epilog=examples("rung pause", "rung resume"))
@attempt_option
def pause(attempt: str | None) -> None:
    """Stop the machines and keep their state.

    Their memory is freed; files stay. `rung resume` starts them again.
    """
    from rung.runner.render import notice

    chosen = current(attempt)
    chosen.pause()
    notice(f"{chosen.lab_name} is paused. Go on with ", ("rung resume", "command"), ".")


@click.command(epilog=examples("rung resume"))
@attempt_option
def resume(attempt: str | None) -> None:
    """Start the machines again after a pause."""
    from rung.runner.render import notice

    chosen = current(attempt)
    chosen.resume()
    notice(f"{chosen.lab_name} goes on: ", ("rung shell", "command"), ", ", ("rung check", "command"), ".")


@click.command(epilog=examples("rung stop", "rung stop --attempt 1a2b3c4d", "rung stop --all"))
@click.option("--all", "everything", is_flag=True, help="End every attempt, whatever state it is in.")
@attempt_option
def stop(attempt: str | None, everything: bool) -> None:
    """End an attempt and remove its machines.

    What you did on the machines is lost; your hints and results stay recorded.
    """
    from rung.runner.errors import UsageError
    from rung.runner.phases import Phases

    if everything and attempt:
        raise UsageError("--all and --attempt do not go together.", fix="Leave one of them out.")
    if everything:
        with Phases() as phases:
            removed = attempts().stop_all(phases)
        for name in removed:
            click.echo(f"removed {name}")
        if not removed:
            click.echo("Nothing was there to remove.", file=sys.stderr)
        return
    chosen = current(attempt)
    chosen.stop()
    click.echo(f"removed {chosen.lab_name} (attempt {chosen.id})")


def _machines(attempt: object) -> str:
    names = [m.name for m in attempt.machines]  # type: ignore[attr-defined]
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
