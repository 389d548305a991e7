"""A lab on a cluster that the user brings: which cluster is meant, and whether the lab may run there."""

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
    is_local: bool  # it runs on this computer; a lab runs on any other one only after the user has agreed

    def agreed(self) -> UserCluster:
        """The cluster, with the user's consent that labs run on it."""
        return replace(self.cluster, agreed=True)


def context_names() -> Iterable[str]:
    """The contexts of the user's kubeconfig."""
    from rung.runner.drivers.kubeconfig.config import contexts

    return contexts()


def choose_cluster(driver: Drivers, context: str | None, kubeconfig: str | None) -> ClusterChoice:
    """The cluster that a context of a kubeconfig means; None: the current context, kubectl's own file.

    Raises UsageError where there is no such context.
    """
    from rung.runner.drivers.kubeconfig.config import choose

    cluster = choose(context, kubeconfig)
    return ClusterChoice(cluster, driver.is_here(cluster))


def unreachable_reason(attempt: Attempt) -> str | None:
    """Why the machine `base` of an attempt does not reach the user's cluster; None where it does, or needs none."""
    if attempt.found.own is None:
        return None
    from rung.runner.drivers.kubeconfig.route import unreached
    from rung.runner.lab.model import BASE

    return unreached(attempt.hosts()[BASE.name])
