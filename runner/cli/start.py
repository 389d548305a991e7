"""rung start; and for all commands that start a lab: show its tasks, then open its shell."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from rung.runner.cli import short_lived
from rung.runner.cli.common import confirm, examples, quietly
from rung.runner.core.errors import UsageError
from rung.runner.render.attempts import is_unambiguous
from rung.runner.render.page import notice, show
from rung.runner.render.phases import Phases
from rung.runner.render.tasks import next_steps_page, tasks_page
from rung.runner.services import current
from rung.runner.services.labs import lab_names
from rung.runner.services.start import StartRequest, find_lab, proposed_lab, start_lab
from rung.runner.services.tasks import tasks_of
from rung.runner.services.user_cluster import choose_cluster, context_names, unreachable_reason
from rung.runner.shell import lab_shell, proxy

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.attempts.attempts import Attempts
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.drivers.base.plan import UserCluster


@click.command(
    epilog=examples(
        "rung start                              let Rung propose a lab",
        "rung start users-and-groups             start this lab, with new values",
        "rung start users-and-groups --seed 7    the same values as everyone else with seed 7",
        "rung start ./my-lab --no-shell          start a lab of your own, without its shell",
        "rung start look-not-touch --context me  on a cluster of your own",
    )
)
@click.argument("lab", required=False, metavar="[LAB|PATH]", shell_complete=quietly(lab_names))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), metavar="N", help="Draw the lab's values by this number.")
@click.option("--no-shell", is_flag=True, help="Print the tasks and return instead of opening a shell.")
@click.option("--new", is_flag=True, help="Start another attempt even if the lab is running already.")
@click.option("--keep", is_flag=True, help="If the start fails, keep what was created.")
@click.option("--context", metavar="NAME", shell_complete=quietly(context_names),
              help="Run the lab on a cluster of your own: the one of this context in your kubeconfig.")  # fmt: skip
@click.option("--kubeconfig", metavar="FILE",
              help="Your kubeconfig, default kubectl's own; without --context its current context counts.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Use your cluster without asking, even if it is not on this computer.")
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

    Without LAB, Rung proposes the easiest one that you have not passed. If the lab is running already, you go on
    with it. In a terminal, Rung shows the tasks and opens a shell on the machine; when you leave it, the lab keeps
    running.

    With --context a Kubernetes lab runs on a cluster of your own. Rung does not touch what is there: it removes
    only objects with the attempt's label.
    """
    on_user_cluster = bool(context or kubeconfig)
    if yes and not on_user_cluster:
        raise UsageError("--yes is for a cluster of your own, and none is named.", fix="Name it with --context.")
    attempts = current.attempts(preload=True)
    summary = find_lab(lab) if lab is not None else _proposal()
    if summary is None:
        return 0
    cluster = _user_cluster(attempts, context, kubeconfig, yes=yes) if on_user_cluster else None
    if on_user_cluster and cluster is None:
        return 0
    return begin(attempts, summary, StartRequest(seed, new, keep, cluster), shell=not no_shell)


def _proposal() -> LabSummary | None:
    """The proposed lab, if the learner agrees to it."""
    summary = proposed_lab()
    if summary is None:
        raise UsageError("There is no lab to propose.", fix="`rung labs` lists all labs.")
    notice("Next for you: ", (summary.name, "command"),
           f", {summary.title} ({summary.difficulty}, {summary.minutes} min).")  # fmt: skip
    if not proxy.at_a_terminal():
        raise UsageError("No lab is named.", fix=f"`rung start {summary.name}` starts this one; `rung labs` lists all.")
    return summary if confirm("Start it?", default=True) else None


def _user_cluster(attempts: Attempts, context: str | None, kubeconfig: str | None, *, yes: bool) -> UserCluster | None:
    """Show the user's cluster, and return it; None where the user does not agree that the lab runs there.

    Raises UsageError where there is no such context, and where nobody can be asked.
    """
    choice = choose_cluster(attempts.driver, context, kubeconfig)
    cluster = choice.cluster
    place = "on this computer" if choice.is_local else "not on this computer"
    notice("Your cluster: context ", (cluster.context, "command"), f", {cluster.server}, {place}.")
    if yes:
        return choice.agreed()
    if choice.is_local:
        return cluster
    if not proxy.at_a_terminal():
        raise UsageError(
            f"The context {cluster.context} leads to {cluster.server}, which is not this computer, "
            "and there is no terminal to ask on.",
            fix="--yes says that the lab may run there.",
        )
    notice("The lab creates namespaces with objects in them, and removes them at its end; nothing else is changed.")
    return choice.agreed() if confirm("Run the lab there?") else None


def begin(attempts: Attempts, summary: LabSummary, request: StartRequest, *, shell: bool) -> int:
    """Start a lab or go on with it, show its tasks, and open its shell if `shell` is set. Returns the exit code."""
    notices: list[tuple[Any, ...]] = []  # printed after the phases, which have the line until they end
    try:
        with Phases() as phases:
            started = start_lab(
                attempts, summary, request, tell=lambda *pieces: notices.append(pieces), progress=phases
            )
            phases.title = "" if started.resumed else f"{started.lab.title}: ready"
    finally:
        for pieces in notices:
            notice(*pieces)
    attempt, lab = started.attempt, started.lab
    tasks = tasks_of(lab)
    show(tasks_page(lab, tasks.points))
    if not warn_if_unreachable(attempt) and shell and proxy.at_a_terminal():
        short_lived.leave()
        return lab_shell.open_shell(attempt, lab, None)
    show(next_steps_page(attempt.id, alone=is_unambiguous(attempts.all())), sys.stderr)
    return 0


def warn_if_unreachable(attempt: Attempt) -> bool:
    """Whether the machine `base` cannot reach the user's cluster; if so, print how to work without it."""
    reason = unreachable_reason(attempt)
    if reason is None or attempt.found.own is None:
        return False
    notice(f"The machine base does not reach {attempt.found.own.server} ({reason}). Work in your own terminal: ",
           ('eval "$(rung env)"', "command"), " points kubectl there at the cluster.")  # fmt: skip
    return True
