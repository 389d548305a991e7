"""What becomes of a cluster that an attempt leaves: it serves the next lab, is removed now, or later."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.machine import CommandTimeout, MachineGone
from rung.runner.core.errors import EngineRefused, EnvironmentBroken
from rung.runner.drivers.kind import snapshot
from rung.runner.drivers.kind.lock import one_at_a_time
from rung.runner.drivers.kind.nodes import Nodes
from rung.runner.drivers.kind.ownership import SCOPE, Ownership
from rung.runner.drivers.kind.pool import ROOM, ClusterPool

if TYPE_CHECKING:
    from rung.runner.drivers.container.driver import ContainerDriver


class ClusterRelease:
    """Ends attempts on the clusters of one engine; `api` opens a session with a cluster's API."""

    def __init__(
        self,
        spares: ClusterPool,
        belonging: Ownership,
        machines: ContainerDriver,
        nodes: Nodes,
        api: Callable[[str], AbstractContextManager[Cluster]],
    ) -> None:
        self.pool, self.clusters = spares, spares.clusters
        self.belonging, self.machines, self.nodes = belonging, machines, nodes
        self.api = api
        self.aside: set[str] = set()  # clusters that attempts have left here, with memory for another beside them

    def end(self, attempt: str, cluster: str) -> None:
        """Remove an attempt; and its cluster, if it is the last on it, unless that is as it was when it was new."""
        if not self._is_last(attempt, cluster):
            return
        stays = self._outlives(attempt, cluster)
        if not stays and attempt in self.belonging.attempts():  # else another process has ended it meanwhile
            self.clusters.remove_nodes(cluster)
        with one_at_a_time():  # between the two it looks like one that nobody put right
            mine = attempt in self.belonging.attempts()
            self.machines.destroy(attempt)
            if stays and mine:
                self._set_free(cluster)
        if not stays and not self.clusters.whole(cluster):
            self.clusters.remove(cluster)

    def put_aside(self, attempt: str, cluster: str) -> bool:
        """Remove an attempt, and leave its cluster, that nobody else uses and that would be removed, frozen for
        `remove_left`; whether there is room: a spare that waits, or memory for two."""
        from rung.runner.engine.host import available_memory

        if self.belonging.labels(attempt).get(SCOPE) != "cluster":
            return False
        room = (available_memory() or 0) >= ROOM
        with one_at_a_time():
            exists = self.clusters.find(cluster)
            if exists is None or self.belonging.on(cluster) != [attempt]:
                return False
            if not room and not self.pool.has(self.belonging.taken(), exists):
                return False
            try:
                self.clusters.marks.put(cluster, "left")
                self.nodes.pause(cluster)
            except EngineRefused:
                return False
            if room:
                self.aside.add(cluster)
            self.machines.destroy(attempt)
        return True

    def remove_left(self, besides: Collection[str] = ()) -> None:
        """Remove the clusters that were put aside, by whomever."""
        for cluster in self.pool.left(self.belonging.taken()):
            if cluster.id not in besides:
                self.clusters.remove(cluster.id)

    def _is_last(self, attempt: str, cluster: str) -> bool:
        """Whether nobody else uses the cluster: then nobody joins any more. Else the attempt has left it here, and
        what it made there goes with the last of them."""
        with one_at_a_time():
            if self.belonging.on(cluster) != [attempt]:  # or another process has ended it meanwhile
                self.machines.destroy(attempt)
                return False
            with contextlib.suppress(EngineRefused):  # of a full disk, say: then it ends, and nobody stays on it
                self.clusters.marks.put(cluster, "leaving")
            return True

    def _set_free(self, cluster: str) -> None:
        """Let the next lab have a cluster; one whose mark cannot be changed is removed instead."""
        try:
            self.clusters.marks.put(cluster, "free")
        except EngineRefused:
            self.clusters.remove(cluster)

    def _outlives(self, attempt: str, cluster: str) -> bool:
        """Whether the cluster goes on without the attempt, after taking away all that it left there."""
        scope = self.belonging.labels(attempt).get(SCOPE)
        before = self.clusters.marks.note(cluster)
        exists = self.clusters.find(cluster)
        if scope != "namespace" or before is None or exists is None or not exists.running:
            return False
        if exists.internet or self.pool.enough(self.belonging.taken(), exists):
            return False  # the next lab is promised machines that do not reach it
        try:
            with self.api(cluster) as api:
                return not snapshot.restore(api, before)
        except (ApiRefused, ClusterGone, EnvironmentBroken, MachineGone, CommandTimeout, OSError, ValueError):
            return False  # where it is the engine that is gone, the next question to it says so
