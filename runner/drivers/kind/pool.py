"""Clusters that no attempt uses: which of them serve the next lab, and which are of no use any more."""

from __future__ import annotations

from collections.abc import Collection

from rung.runner.drivers.kind.clusters import ClusterExists, Clusters

ROOM = 6 << 30  # bytes of memory that must be free for a cluster beside the one that is worked on
_MOST_KEPT = 2  # clusters of one size that wait for the next lab; each takes half a GiB of memory


class ClusterPool:
    """The clusters of one engine beside those that attempts use (`taken`: their ids)."""

    def __init__(self, clusters: Clusters) -> None:
        self.clusters = clusters

    def all(self, taken: Collection[str]) -> list[ClusterExists]:
        """Every cluster that no attempt uses, in whatever state."""
        return [c for c in self.clusters.all() if c.id not in taken]

    def free(self, taken: Collection[str], image: str) -> list[ClusterExists]:
        """Those that the next lab can have; the others go, but for what a living process is making.

        Of no use are those of another image than `image`, those that do not run (a stop of the engine may have cut
        anything short there), those whose maker died over them, and those that nobody put right after a lab; what is
        `left` is removed by whoever has the time. The lock has to be held, so that none of them is just being left.
        """
        found = []
        for cluster in self.all(taken):
            kept = self.clusters.kept(cluster)
            if kept.ready and cluster.image == image:
                found.append(cluster)
            elif not kept.making and not self._is_left(cluster):
                self.clusters.remove(cluster.id)
        return found

    def left(self, taken: Collection[str]) -> list[ClusterExists]:
        """Those that an attempt left, to begin again on another, and that somebody has to remove."""
        return [cluster for cluster in self.all(taken) if self._is_left(cluster)]

    def has(self, taken: Collection[str], like: ClusterExists) -> bool:
        """Whether one of that size and image waits for the next lab."""
        alike = [c for c in self.all(taken) if (c.expected, c.image) == (like.expected, like.image)]
        return any(self.clusters.kept(cluster).ready for cluster in alike)

    def enough(self, taken: Collection[str], like: ClusterExists) -> bool:
        """Whether as many clusters of that size wait as are kept, those that are being made included."""
        waiting = [self.clusters.kept(c) for c in self.all(taken) if c.expected == like.expected]
        return sum(kept.ready or kept.making for kept in waiting) >= _MOST_KEPT

    def _is_left(self, cluster: ClusterExists) -> bool:
        return self.clusters.marks.state(cluster.id) == "left"
