"""What becomes of a cluster when an attempt ends: it serves the next lab, is removed now, or is removed later."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.runner.core.errors import EngineRefused, EnvironmentBroken
from rung.runner.drivers.kind import snapshot
from rung.runner.drivers.kind.lock import one_at_a_time
from rung.runner.drivers.kind.nodes import Nodes
from rung.runner.drivers.kind.ownership import SCOPE, Ownership
from rung.runner.drivers.kind.pool import ROOM, ClusterPool
from rung.runner.engine import host

if TYPE_CHECKING:
    from rung.runner.drivers.container.driver import ContainerDriver


class ClusterRelease:
    """Ends attempts on the clusters of one engine; `api` opens a session with a cluster's API."""

    def __init__(
        self,
        pool: ClusterPool,
        ownership: Ownership,
        machines: ContainerDriver,
        nodes: Nodes,
        api: Callable[[str], AbstractContextManager[Cluster]],
    ) -> None:
        self.pool, self.clusters = pool, pool.clusters
        self.ownership, self.machines, self.nodes = ownership, machines, nodes
        self.api = api
        self.beside: set[str] = set()  # abandoned clusters for which there was memory beside the next one

    def end(self, attempt: str, cluster: str) -> None:
        """Remove an attempt. Its cluster is removed too if the attempt is the last on it, unless it is as good as new
        again and serves the next lab."""
        if not self._begin_end(attempt, cluster):
            return
        stays = self._is_restored(attempt, cluster)
        if not stays and attempt in self.ownership.attempts():  # else another process has ended it meanwhile
            self.clusters.remove_nodes(cluster)
        with one_at_a_time():  # between the two steps it looks like a cluster that was not cleaned up
            owned = attempt in self.ownership.attempts()
            self.machines.destroy(attempt)
            if stays and owned:
                self._set_free(cluster)
        if not stays and not self.clusters.is_whole(cluster):
            self.clusters.remove(cluster)

    def abandon(self, attempt: str, cluster: str) -> bool:
        """Remove an attempt, and pause its cluster for `remove_abandoned`; False: nothing was done.

        Only a cluster of scope `cluster` that no other attempt uses, and only where there is room for the next
        cluster: a spare one waits, or there is memory for two.
        """
        if self.ownership.labels(attempt).get(SCOPE) != "cluster":
            return False
        room = (host.available_memory() or 0) >= ROOM
        with one_at_a_time():
            exists = self.clusters.find(cluster)
            if exists is None or self.ownership.on(cluster) != [attempt]:
                return False
            if not room and not self.pool.has(self.ownership.taken(), exists):
                return False
            try:
                self.clusters.marks.put(cluster, "left")
                self.nodes.pause(cluster)
            except EngineRefused:
                return False
            if room:
                self.beside.add(cluster)
            self.machines.destroy(attempt)
        return True

    def remove_abandoned(self, besides: Collection[str] = ()) -> None:
        """Remove the clusters that any process abandoned, except those of `besides`."""
        for cluster in self.pool.abandoned(self.ownership.taken()):
            if cluster.id not in besides:
                self.clusters.remove(cluster.id)

    def _begin_end(self, attempt: str, cluster: str) -> bool:
        """Whether the attempt is the last on the cluster: then no other joins from now on. Else the attempt is
        removed here; what its lab created in the cluster is removed with the last attempt."""
        with one_at_a_time():
            if self.ownership.on(cluster) != [attempt]:  # or another process has ended it meanwhile
                self.machines.destroy(attempt)
                return False
            with contextlib.suppress(EngineRefused):  # a full disk, say: the attempt ends all the same
                self.clusters.marks.put(cluster, "leaving")
            return True

    def _set_free(self, cluster: str) -> None:
        """Offer a cluster to the next lab; a cluster whose mark cannot be changed is removed instead."""
        try:
            self.clusters.marks.put(cluster, "free")
        except EngineRefused:
            self.clusters.remove(cluster)

    def _is_restored(self, attempt: str, cluster: str) -> bool:
        """Whether the cluster can serve the next lab, after removing all that the attempts on it created."""
        scope = self.ownership.labels(attempt).get(SCOPE)
        before = self.clusters.marks.note(cluster)
        exists = self.clusters.find(cluster)
        if scope != "namespace" or before is None or exists is None or not exists.running:
            return False
        if exists.internet or self.pool.enough(self.ownership.taken(), exists):
            return False  # a spare cluster has no way to the internet, because the next lab is promised none
        try:
            with self.api(cluster) as api:
                return not snapshot.restore(api, before)
        except (ApiRefused, ClusterGone, EnvironmentBroken, MachineGone, CommandTimeout, OSError, ValueError):
            return False  # an engine that is gone is reported by the next request to it
