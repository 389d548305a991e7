"""Which cluster an attempt gets: one that it shares with others, a spare one, or a new one."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.base.labels import CLUSTER
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.cluster.names import network_name
from rung.runner.drivers.container.create import Assembly
from rung.runner.drivers.kind.lock import one_at_a_time
from rung.runner.drivers.kind.ownership import PLACE, SCOPE, SHARE, Ownership, free_place, shared_clusters
from rung.runner.drivers.kind.pool import ClusterPool
from rung.runner.lab.model import BASE

if TYPE_CHECKING:
    from rung.runner.drivers.container.driver import ContainerDriver


class ClusterAcquisition:
    """Gives attempts the clusters of one engine."""

    def __init__(self, pool: ClusterPool, ownership: Ownership, machines: ContainerDriver) -> None:
        self.pool, self.clusters = pool, pool.clusters
        self.ownership, self.machines = ownership, machines

    def acquire(self, plan: Plan, images: Mapping[str, str]) -> tuple[str, bool]:
        """A cluster that is this attempt's from now on, and whether its nodes have yet to be created.

        Creates the attempt's `base`, whose labels show others that the cluster is taken. The mark in the cluster shows
        that it was used, should somebody remove `base`. images: name -> tag. Raises EngineGone, EnvironmentBroken.
        """
        assert plan.cluster is not None
        count, internet = len(plan.cluster.nodes), "internet" in plan.capabilities
        with one_at_a_time():
            found = self._shared_with(plan, images["node"])
            if found is None and not internet:
                found = self._spare(count, images["node"])
            cluster = found or self.clusters.begin(count, images["node"], internet=internet)
            try:
                self._create_base(plan, images[BASE.image], cluster)
            except BaseException:
                if found is None:  # without `base` no attempt would own it
                    with contextlib.suppress(EnvironmentBroken):
                        self.clusters.remove(cluster)
                raise
            if found is not None:
                self.clusters.marks.put(cluster, "used")
        self.ownership.remember(plan.attempt, cluster)
        return cluster, found is None

    def _create_base(self, plan: Plan, image: str, cluster: str) -> None:
        """Create the attempt's `base`, not yet started, on the cluster's network."""
        assert plan.cluster is not None
        options = self.machines.options(plan.capabilities)
        assembly = Assembly(self.machines.engine, self.machines.facts, plan, options)
        place = free_place(self.ownership.bases(), cluster)
        assert place is not None  # `_shared_with` offers no cluster that is full
        labels = {CLUSTER: cluster, SCOPE: plan.cluster.scope, "rung.machines": str(1 + len(plan.cluster.nodes))}
        labels |= {PLACE: str(place)} | ({SHARE: plan.share} if plan.share else {})
        places = {network_name(cluster): self.clusters.address(cluster, place)}
        assembly.create_at(BASE, image, places, {}, labels)

    def _shared_with(self, plan: Plan, image: str) -> str | None:
        """A complete cluster of the plan's size that attempts of the same `share` use, with room for one more.

        Not a cluster that its last attempt is leaving: what the plan's lab creates there would be removed too.
        """
        assert plan.cluster is not None
        if plan.share is None or plan.cluster.scope != "namespace":
            return None
        like = (len(plan.cluster.nodes), image, "internet" in plan.capabilities)
        found = (self.clusters.find(name) for name in shared_clusters(self.ownership.bases(), plan.share))
        fitting = [c.id for c in found if c is not None and (c.expected, c.image, c.internet) == like]
        staying = (cluster for cluster in fitting if self.clusters.marks.state(cluster) != "leaving")
        return next((cluster for cluster in staying if self.clusters.is_whole(cluster)), None)

    def _spare(self, nodes: int, image: str) -> str | None:
        """A spare cluster of this size, as good as new; clusters that cannot be used any more are removed."""
        return next((c.id for c in self.pool.free(self.ownership.taken(), image) if c.expected == nodes), None)
