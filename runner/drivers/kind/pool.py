"""Clusters that no attempt uses: which of them serve the next lab, and which cannot be used any more."""

from __future__ import annotations

from collections.abc import Collection

from rung.runner.drivers.base.plan import SpareCluster
from rung.runner.drivers.kind.clusters import ClusterExists, Clusters

ROOM = 6 << 30  # bytes of free memory that a second cluster needs beside the one in use
_MOST_KEPT = 2  # spare clusters of one size; each takes half a GiB of memory


class ClusterPool:
    """The clusters of one engine that no attempt uses (`taken`: the ids of those in use)."""

    def __init__(self, clusters: Clusters) -> None:
        self.clusters = clusters

    def all(self, taken: Collection[str]) -> list[ClusterExists]:
        """Every cluster that no attempt uses, in whatever state."""
        return [c for c in self.clusters.all() if c.id not in taken]

    def spares(self, taken: Collection[str]) -> list[SpareCluster]:
        """The same as `rung status` shows them."""
        return [self.clusters.as_spare(cluster) for cluster in self.all(taken)]

    def free(self, taken: Collection[str], image: str) -> list[ClusterExists]:
        """Those that the next lab can have. The others are removed, except those that a living process is making.

        Removed are clusters of another image than `image`, clusters that do not run (a stop of the engine may have
        interrupted anything in them), those whose maker died, and those that were not cleaned up after a lab. An
        abandoned one is left to `ClusterRelease.remove_abandoned`. The caller holds the lock, so that none of them is
        just being released.
        """
        found = []
        for cluster in self.all(taken):
            spare = self.clusters.as_spare(cluster)
            if spare.ready and cluster.image == image:
                found.append(cluster)
            elif not spare.making and not self._is_abandoned(cluster):
                self.clusters.remove(cluster.id)
        return found

    def abandoned(self, taken: Collection[str]) -> list[ClusterExists]:
        """Those that an attempt left when it was reset onto another cluster."""
        return [cluster for cluster in self.all(taken) if self._is_abandoned(cluster)]

    def has(self, taken: Collection[str], like: ClusterExists) -> bool:
        """Whether a spare cluster of that size and image is ready."""
        alike = [c for c in self.all(taken) if (c.expected, c.image) == (like.expected, like.image)]
        return any(self.clusters.as_spare(cluster).ready for cluster in alike)

    def enough(self, taken: Collection[str], like: ClusterExists) -> bool:
        """Whether as many spare clusters of that size are ready or being made as are kept."""
        waiting = [self.clusters.as_spare(c) for c in self.all(taken) if c.expected == like.expected]
        return sum(spare.ready or spare.making for spare in waiting) >= _MOST_KEPT

    def _is_abandoned(self, cluster: ClusterExists) -> bool:
        return self.clusters.marks.state(cluster.id) == "left"
