"""Deletes a namespace without its controller's 5 s delay.

The controller waits 5 s before it looks into a namespace that ends, for control planes of several API servers, one of
which may not know yet that the namespace ends. A cluster that Rung makes has one API server, so this module does at
once what the controller does: it deletes everything in the namespace, waits until nothing is left, and removes the
namespace's finalizer. That saves 5 s between two labs on one cluster, which every lab of scope `namespace` would wait.

The finalizer is removed only while every API answers. An object of an API that discovery calls stale cannot be seen:
it would outlive its namespace, and meet the next lab that uses the name. Then the namespace waits for its controller,
as `kubectl delete` does, and a cluster in which it does not end in time is not used again (`snapshot.restore`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from rung.checks.cluster import ApiRefused, Cluster
from rung.runner.drivers.cluster.resources import METADATA, ResourceType, discover, listed

PREFIX = "/api/v1/namespaces/"
SOON = {"gracePeriodSeconds": 1, "propagationPolicy": "Background"}  # the query of each deletion


class NamespaceDeletion:
    """A namespace whose deletion was asked for, so that nothing can be created in it, and what is left in it."""

    def __init__(self, cluster: Cluster, path: str, kinds: Sequence[ResourceType]) -> None:
        """`kinds`: all that the API serves, those that controllers create too."""
        self.cluster, self.path = cluster, path
        self.kinds = [kind for kind in kinds if kind.namespaced]
        self.left: list[ResourceType] = []
        self.ended = False

    def empty(self) -> None:
        """Ask for the deletion of everything in it."""
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(self._delete_all, self.kinds))
        self.left = [kind for kind, some in zip(self.kinds, found, strict=True) if some]

    def end(self) -> None:
        """Remove the namespace's finalizer if nothing is left in it and every API answers. Raises ApiRefused."""
        if self.ended:
            return
        self.left = self._occupied(self.left)
        if self.left:
            return
        found = discover(self.cluster, besides=())
        if found.stale:
            return
        # All kinds once more: a request that was under way when the deletion began may have created something, and an
        # API that was stale then may have objects.
        self.left = self._occupied([kind for kind in found.kinds if kind.namespaced])
        if not self.left:
            self.ended = True
            with contextlib.suppress(ApiRefused):  # the controller was quicker, or the namespace has other finalizers
                self.cluster.raw("PUT", f"{self.path}/finalize", body=self._without_finalizer())

    def _delete_all(self, kind: ResourceType) -> bool:
        """Ask for the deletion of all objects of one kind; whether there may be some."""
        if not kind.collection:
            return True
        try:
            answer = self.cluster.raw("DELETE", self._path(kind), query=SOON, headers={"Accept": METADATA})
        except ApiRefused:  # the kind was removed meanwhile, or is left to the controller
            return True
        return bool(answer.json().get("items", True))

    def _path(self, kind: ResourceType) -> str:
        """The path of all objects of a kind in the namespace."""
        return kind.path(f"{self.path.removeprefix(PREFIX)}/")

    def _occupied(self, kinds: Sequence[ResourceType]) -> list[ResourceType]:
        """Those kinds of which something is in the namespace."""
        with ThreadPoolExecutor(4) as pool:
            return [kind for kind, some in zip(kinds, pool.map(self._some, kinds), strict=True) if some]

    def _some(self, kind: ResourceType) -> bool:
        return bool(listed(self.cluster, self._path(kind), query={"limit": 1}))

    def _without_finalizer(self) -> dict[str, object]:
        found: dict[str, object] = self.cluster.raw("GET", self.path).json()
        return found | {"spec": {"finalizers": []}}
