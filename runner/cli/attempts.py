"""rung start, status, reset, pause, resume, stop."""

from __future__ import annotations

import sys

import click

from rung.runner.cli.common import attempt_option, attempts, current, examples, lab_names, quietly
from rung.runner.cli.user_cluster import context_names, tell_what_stayed


@click.command(
    epilog=examples(
        "rung start                              proposes a lab",
        "rung start users-and-groups             that lab, with values drawn anew",
        "rung start users-and-groups --seed 7    the same values as everyone else who says 7",
        "rung start ./my-lab --no-shell          a lab of your own; prints its tasks and returns",
        "rung start look-not-touch --context me  on a cluster of your own",
    )
)
@click.argument("lab", required=False, metavar="[LAB|PATH]", shell_complete=quietly(lab_names))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), metavar="N", help="Draw the lab's values by this number.")
@click.option("--no-shell", is_flag=True, help="Print the tasks and return instead of opening a shell.")
@click.option("--new", is_flag=True, help="Start afresh even if this lab is running already.")
@click.option("--keep", is_flag=True, help="Keep what was made when the start fails, to look at it.")
@click.option("--context", metavar="NAME", shell_complete=quietly(context_names),
              help="Do it on a cluster of your own: the one that this context of your kubeconfig means.")  # fmt: skip
@click.option("--kubeconfig", metavar="FILE",
              help="Your kubeconfig, default kubectl's own; without --context its current one is meant.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Your cluster may be used although it is not on this computer.")
def start(
    lab: str | None,
    seed: int | None,
    no_shell: bool,
    new: bool,
    keep: bool,
    context: str | None,
    kubeconfig: str | None,
    yes: bool,
) -> int:
    """Start a lab: its machines, its starting state, then your shell.

    Without LAB, Rung proposes the easiest one that you have not passed. If the lab is running already,
    you go on with it. In a terminal the machine's shell opens after the tasks; leaving it leaves the
    lab running.

    With --context a Kubernetes lab runs on a cluster of your own. What is there is not touched: Rung removes
    only what bears the label of the attempt.
    """
    from rung.runner.cli.start import begin, choose
    from rung.runner.cli.user_cluster import wanted
    from rung.runner.core.errors import UsageError
    from rung.runner.shell.proxy import at_a_terminal

    on_own = bool(context or kubeconfig)
    if yes and not on_own:
        raise UsageError("--yes is about a cluster of your own, and none is named.", fix="Name it with --context.")
    every = attempts(warm=True)
    entry = choose(lab)
    if entry is None:
        return 0
    own = wanted(every.driver, context, kubeconfig, yes=yes, ask=at_a_terminal()) if on_own else None
    if on_own and own is None:
        return 0
    return begin(every, entry, seed=seed, shell=not no_shell, new=new, keep=keep, own=own)


@click.command(epilog=examples("rung status", "rung status --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Show every attempt there is, and how to go on."""
    from rung.runner.render.attempts import kept_lines, status_data, status_page
    from rung.runner.render.page import show

    every = attempts()
    found, kept = every.all(), every.driver.spares()
    if as_json:
        import json

        click.echo(json.dumps(status_data(found), indent=2))
    else:
        show(kept_lines(status_page(found), kept))


@click.command(epilog=examples("rung reset", "rung reset --attempt 1a2b3c4d"))
@attempt_option
def reset(attempt: str | None) -> None:
    """Put the machines back to their starting state.

    Whatever was done on them is lost. Values stay as they were drawn.
    """
    from rung.runner.attempts.spare_cluster import renew_spare
    from rung.runner.exams.access import require_outside
    from rung.runner.render.page import notice
    from rung.runner.render.phases import Phases

    chosen = current(attempt)
    require_outside(chosen, "rung reset")
    with Phases() as phases:
        chosen.reset(phases)
    renew_spare(chosen.driver, chosen.lab())
    tell_what_stayed(chosen.driver, chosen.id)
    notice(f"{_machines(chosen)} back in the starting state.")


@click.command(epilog=examples("rung pause", "rung resume"))
@attempt_option
def pause(attempt: str | None) -> None:
    """Halt the machines where they are.

    Their processes stand still and cost no processor time; memory and files stay as they are. `rung resume`
    lets them go on.
    """
    from rung.runner.render.page import notice

    chosen = current(attempt)
    chosen.pause()
    notice(f"{chosen.lab_name} is paused. Go on with ", ("rung resume", "command"), ".")


@click.command(epilog=examples("rung resume"))
@attempt_option
def resume(attempt: str | None) -> None:
    """Let the machines go on after a pause."""
    from rung.runner.exams.access import require_outside
    from rung.runner.render.page import notice

    chosen = current(attempt)
    require_outside(chosen, "rung resume")
    chosen.resume()
    notice(f"{chosen.lab_name} goes on: ", ("rung shell", "command"), ", ", ("rung check", "command"), ".")


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
    from rung.runner.core.errors import UsageError
    from rung.runner.exams.access import end_all, require_outside
    from rung.runner.lab.model import CONTROL_PLANE
    from rung.runner.render.phases import Phases

    if everything and attempt:
        raise UsageError("--all and --attempt do not go together.", fix="Leave one of them out.")
    if everything:
        if not yes and not _exams_may_end():
            return
        removed: list[str] = []
        every = attempts()
        for name in end_all():
            click.echo(f"{name} is ended: it was not submitted.", err=True)
        try:
            with Phases() as phases:
                every.stop_all(phases, removed.append, forget=forget)
        finally:
            for name in removed:
                click.echo(f"removed {name}")
                tell_what_stayed(every.driver, name)
        if not removed:
            click.echo("Nothing was there to remove.", file=sys.stderr)
        return
    chosen = current(attempt)
    require_outside(chosen, "rung stop")
    chosen.stop(forget=forget)
    click.echo(f"removed {chosen.lab_name} (attempt {chosen.id})")
    tell_what_stayed(chosen.driver, chosen.id)
    if any(m.name == CONTROL_PLANE for m in chosen.machines) and any(k.ready for k in chosen.driver.spares()):
        click.echo("A cluster stays ready for the next lab; `rung stop --all` removes it.", err=True)


def _exams_may_end() -> bool:
    """Whether no exam is open, or whoever is at the terminal agrees. Raises UsageError where nobody can be asked."""
    from rung.runner.core.errors import UsageError
    from rung.runner.exams.access import open_exams

    names = open_exams()
    if not names:
        return True
    lost = f"{' and '.join(names)} would end without a result, and what was done is lost."
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(lost, fix="`rung exam submit` submits it; `rung stop --all --yes` ends it all the same.")
    click.echo(lost, err=True)
    return click.confirm("End it?", default=False, err=True)


def _machines(attempt: object) -> str:
    names = [m.name for m in attempt.machines]  # type: ignore[attr-defined]
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
