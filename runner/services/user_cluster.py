"""Clusters that the user brings: which one a lab runs on, and whether it may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.drivers.base.plan import UserCluster
    from rung.runner.drivers.base.protocols import Drivers


@dataclass(frozen=True)
class ClusterChoice:
    """A cluster of the user's kubeconfig."""

    cluster: UserCluster
    is_local: bool  # it runs on this computer; labs run on others only with the user's consent

    def agreed(self) -> UserCluster:
        """The cluster, with the user's consent that labs run on it."""
        return replace(self.cluster, agreed=True)


def context_names() -> Iterable[str]:
    """The names of the contexts in the user's kubeconfig."""
    from rung.runner.drivers.kubeconfig.entries import contexts

    return contexts()


def choose_cluster(driver: Drivers, context: str | None, kubeconfig: str | None) -> ClusterChoice:
    """The cluster of a context in a kubeconfig.

    context: its name, None: the current one. kubeconfig: the file, None: the one that kubectl uses.
    Raises UsageError where there is no such file or context.
    """
    from rung.runner.drivers.kubeconfig.config import choose

    cluster = choose(context, kubeconfig)
    return ClusterChoice(cluster, driver.is_here(cluster))


def unreachable_reason(attempt: Attempt) -> str | None:
    """Why the machine `base` cannot reach the user's cluster; None where it can, or the attempt uses none."""
    if attempt.found.own is None:
        return None
    from rung.runner.drivers.kubeconfig.route import unreached
    from rung.runner.lab.model import BASE

    return unreached(attempt.hosts()[BASE.name])
