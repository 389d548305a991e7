"""The end of a namespace, as its controller brings it about, but for the five seconds that this one waits first.

They are there for control planes of several API servers, one of which may not have heard yet that the namespace ends.
A cluster that Rung makes has one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from rung.checks.cluster import ApiRefused, Cluster
from rung.runner.drivers.cluster.resources import METADATA, ResourceType, listed

PREFIX = "/api/v1/namespaces/"
SOON = {"gracePeriodSeconds": 1, "propagationPolicy": "Background"}  # how the end of anything is asked for


class NamespaceDeletion:
    """A namespace that has been asked to end, in which nothing can be made any more, and what is left in it."""

    def __init__(self, cluster: Cluster, path: str, kinds: Sequence[ResourceType]) -> None:
        """`kinds`: all that the API serves, those of its controllers' own objects too."""
        self.cluster, self.path = cluster, path
        self.kinds = [sort for sort in kinds if sort.namespaced]
        self.left: list[ResourceType] = []
        self.ended = False

    def empty(self) -> None:
        """Ask for the end of everything in it."""
        with ThreadPoolExecutor(4) as pool:
            some = list(pool.map(self._ask, self.kinds))
        self.left = [sort for sort, found in zip(self.kinds, some, strict=True) if found]

    def end(self) -> None:
        """Let it go if nothing is left in it. Raises ApiRefused."""
        if self.ended:
            return
        self.left = self._occupied(self.left)
        if not self.left:
            # All once more: what was under way when the end began.
            self.left = self._occupied(self.kinds)
        if not self.left:
            self.ended = True
            with contextlib.suppress(ApiRefused):  # its controller was quicker, or somebody else holds on to it
                self.cluster.raw("PUT", f"{self.path}/finalize", body=self._released())

    def _ask(self, sort: ResourceType) -> bool:
        """Ask for the end of all of one kind; whether there are some."""
        if not sort.together:
            return True
        try:
            answer = self.cluster.raw("DELETE", self._all(sort), query=SOON, headers={"Accept": METADATA})
        except ApiRefused:  # its definition has just gone, or it is left to the controller
            return True
        return bool(answer.json().get("items", True))

    def _all(self, sort: ResourceType) -> str:
        return sort.path(f"{self.path.removeprefix(PREFIX)}/")

    def _occupied(self, kinds: Sequence[ResourceType]) -> list[ResourceType]:
        with ThreadPoolExecutor(4) as pool:
            return [sort for sort, some in zip(kinds, pool.map(self._some, kinds), strict=True) if some]

    def _some(self, sort: ResourceType) -> bool:
        return bool(listed(self.cluster, self._all(sort), query={"limit": 1}))

    def _released(self) -> dict[str, object]:
        found: dict[str, object] = self.cluster.raw("GET", self.path).json()
        return found | {"spec": {"finalizers": []}}
