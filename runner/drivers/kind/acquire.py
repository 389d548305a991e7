"""Which cluster an attempt gets: one that it shares, one that waits, or a new one."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.base.labels import CLUSTER
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.cluster.names import network_name
from rung.runner.drivers.container.create import Assembly
from rung.runner.drivers.kind import sharing
from rung.runner.drivers.kind.lock import one_at_a_time
from rung.runner.drivers.kind.ownership import SCOPE, Ownership
from rung.runner.drivers.kind.pool import ClusterPool
from rung.runner.lab.model import BASE

if TYPE_CHECKING:
    from rung.runner.drivers.container.driver import ContainerDriver


class ClusterAcquisition:
    """Gives attempts the clusters of one engine."""

    def __init__(self, spares: ClusterPool, belonging: Ownership, machines: ContainerDriver) -> None:
        self.pool, self.clusters = spares, spares.clusters
        self.belonging, self.machines = belonging, machines

    def give(self, plan: Plan, images: Mapping[str, str]) -> tuple[str, bool]:
        """A cluster that is this attempt's from now on, and whether its nodes are still to be made.

        By the labels of `base`, which is created here, others see that it is taken; by its mark, that it was, if
        `base` is removed by other hands. `images`: name -> tag. Raises EngineGone, EnvironmentBroken.
        """
        assert plan.cluster is not None
        count, internet = len(plan.cluster.nodes), "internet" in plan.capabilities
        with one_at_a_time():
            free = self._shared_with(plan, images["node"])
            if free is None and not internet:
                free = self._free(count, images["node"])
            cluster = free or self.clusters.begin(count, images["node"], internet=internet)
            try:
                self._create_base(plan, images[BASE.image], cluster)
            except BaseException:
                if free is None:  # without `base` nobody would know whose it is
                    with contextlib.suppress(EnvironmentBroken):
                        self.clusters.remove(cluster)
                raise
            if free is not None:
                self.clusters.marks.put(cluster, "used")
        self.belonging.remember(plan.attempt, cluster)
        return cluster, free is None

    def _create_base(self, plan: Plan, image: str, cluster: str) -> None:
        """Create the attempt's `base`, not yet started, on the cluster's network."""
        assert plan.cluster is not None
        options = self.machines.options(plan.capabilities)
        assembly = Assembly(self.machines.engine, self.machines.facts, plan, options)
        place = sharing.place(self.belonging.bases(), cluster)
        assert place is not None  # of what is shared only where there is room
        labels = {CLUSTER: cluster, SCOPE: plan.cluster.scope, "rung.machines": str(1 + len(plan.cluster.nodes))}
        labels |= {sharing.PLACE: str(place)} | ({sharing.SHARE: plan.share} if plan.share else {})
        places = {network_name(cluster): self.clusters.address(cluster, place)}
        assembly.create_at(BASE, image, places, {}, labels)

    def _shared_with(self, plan: Plan, image: str) -> str | None:
        """A complete cluster of the plan's size that others of its word use already, with room for one more.

        Not one that the last of them is leaving: what the plan's lab made there would be taken away with the rest.
        """
        assert plan.cluster is not None
        if plan.share is None or plan.cluster.scope != "namespace":
            return None
        like = (len(plan.cluster.nodes), image, "internet" in plan.capabilities)
        found = (self.clusters.find(name) for name in sharing.shared(self.belonging.bases(), plan.share))
        fitting = [c.id for c in found if c is not None and (c.expected, c.image, c.internet) == like]
        staying = (cluster for cluster in fitting if self.clusters.marks.state(cluster) != "leaving")
        return next((cluster for cluster in staying if self.clusters.whole(cluster)), None)

    def _free(self, nodes: int, image: str) -> str | None:
        """A cluster of this size, as good as new, that nobody uses; what is of no use any more goes."""
        return next((c.id for c in self.pool.free(self.belonging.taken(), image) if c.expected == nodes), None)
