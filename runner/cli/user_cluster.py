"""`rung start --context`: the user's own cluster, shown before anything is done there, and asked about first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.drivers.base.protocols import Driver, UserCluster


def context_names() -> Iterable[str]:
    """What --context may be completed to."""
    from rung.runner.drivers.kubeconfig.config import contexts

    return contexts()


def wanted(driver: Driver, context: str | None, kubeconfig: str | None, *, yes: bool, ask: bool) -> UserCluster | None:
    """The cluster that a lab is to run on; None where a question was answered with no.

    A cluster on this computer is only shown. Any other one is asked about (`ask`: somebody is there to answer)
    unless `yes`. Raises UsageError.
    """
    from rung.runner.core.errors import UsageError
    from rung.runner.drivers.kubeconfig.config import choose
    from rung.runner.render.page import notice

    cluster = choose(context, kubeconfig)
    here = driver.is_here(cluster)
    place = "on this computer" if here else "not on this computer"
    notice("Your cluster: context ", (cluster.context, "command"), f", {cluster.server}, {place}.")
    if here or yes:
        return replace(cluster, agreed=yes)
    if not ask:
        raise UsageError(
            f"The context {cluster.context} leads to {cluster.server}, which is not this computer, "
            "and there is no terminal to ask at.",
            fix="--yes says that the lab may run there.",
        )
    notice("The lab makes namespaces and what belongs to them there, and removes them again; the rest stays as it is.")
    return replace(cluster, agreed=True) if click.confirm("Run the lab there?", default=False, err=True) else None


def cut_off(attempt: Attempt) -> bool:
    """Whether the machine `base` of an attempt on the user's cluster gets no answer from it; says what to do then."""
    if attempt.found.own is None:
        return False
    from rung.runner.drivers.kubeconfig.route import unreached
    from rung.runner.lab.model import BASE
    from rung.runner.render.page import notice

    silence = unreached(attempt.hosts()[BASE.name])
    if silence is None:
        return False
    notice(f"The machine base does not reach {attempt.found.own.server} ({silence}). Work in a terminal of your own: ",
           ('eval "$(rung env)"', "command"), " points kubectl there at the cluster.")  # fmt: skip
    return True


def tell_what_stayed(driver: Driver, attempt: str) -> None:
    """Say what is new in the user's cluster and was not removed."""
    stayed = driver.leftovers(attempt)
    if stayed:
        click.echo(f"In your cluster stays what is new there and not made for the lab: {', '.join(stayed)}", err=True)
