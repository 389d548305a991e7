"""rung start; and how every command that starts a lab goes on: tasks, then the shell."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from rung.runner.cli import short_lived
from rung.runner.cli.common import confirm, examples, lab_names, quietly
from rung.runner.core.errors import UsageError
from rung.runner.render.attempts import is_unambiguous
from rung.runner.render.page import notice, show
from rung.runner.render.phases import Phases
from rung.runner.render.tasks import next_steps_page, tasks_page
from rung.runner.services import current
from rung.runner.services.start import StartRequest, find_lab, proposed_lab, start_lab
from rung.runner.services.tasks import tasks_of
from rung.runner.services.user_cluster import choose_cluster, context_names, unreachable_reason
from rung.runner.shell import lab_shell, proxy

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt, Attempts
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.drivers.base.plan import UserCluster


def _context_names() -> Iterable[str]:
    return context_names()


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
@click.option("--context", metavar="NAME", shell_complete=quietly(_context_names),
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
    on_user_cluster = bool(context or kubeconfig)
    if yes and not on_user_cluster:
        raise UsageError("--yes is about a cluster of your own, and none is named.", fix="Name it with --context.")
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
        raise UsageError("There is no lab to propose.", fix="`rung labs` lists those that there are.")
    notice("Next for you: ", (summary.name, "command"),
           f", {summary.title} ({summary.difficulty}, {summary.minutes} min).")  # fmt: skip
    if not proxy.at_a_terminal():
        raise UsageError("No lab is named.", fix=f"`rung start {summary.name}` starts this one; `rung labs` lists all.")
    return summary if confirm("Start it?", default=True) else None


def _user_cluster(attempts: Attempts, context: str | None, kubeconfig: str | None, *, yes: bool) -> UserCluster | None:
    """The cluster that a lab is to run on, shown first; None where the user does not agree. Raises UsageError."""
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
            "and there is no terminal to ask at.",
            fix="--yes says that the lab may run there.",
        )
    notice("The lab creates namespaces and objects in them, and removes them again; the rest stays as it is.")
    return choice.agreed() if confirm("Run the lab there?") else None


def begin(attempts: Attempts, summary: LabSummary, request: StartRequest, *, shell: bool) -> int:
    """Start a lab or go on with it, show its tasks, open its shell where that is wanted; the exit code."""
    notices: list[tuple[Any, ...]] = []  # printed once no phase has an unfinished line
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
    """Whether the machine `base` does not reach the user's cluster; says how to work then."""
    reason = unreachable_reason(attempt)
    if reason is None or attempt.found.own is None:
        return False
    notice(f"The machine base does not reach {attempt.found.own.server} ({reason}). Work in a terminal of your own: ",
           ('eval "$(rung env)"', "command"), " points kubectl there at the cluster.")  # fmt: skip
    return True
