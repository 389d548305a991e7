"""A cluster's snapshot: taken once when it is new, compared and restored after each lab that shared the cluster.

After most labs it is enough to delete what the lab added. What a lab changed or removed cannot be put back for certain:
then the cluster is not used again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rung.checks.cluster import ApiRefused, Cluster
from rung.runner.drivers.cluster.resources import ResourceType, discover, listed, resource_types
from rung.runner.drivers.kind.namespace_deletion import PREFIX, SOON, NamespaceDeletion

# group/version resource -> "namespace/name" (or "name") -> a text that changes when the object changes
Note = dict[str, dict[str, str]]

# Kinds that have no generation and that controllers aggregate from others: what a lab adds to the others appears in
# them, and disappears with the lab. Their content is compared.
_BY_CONTENT = frozenset({"clusterroles"})
_PATIENCE = 20.0  # seconds for everything to be gone
_FOLLOWING = 3.0  # seconds for a controller to aggregate anew after something was removed
_STUCK = 4.0  # seconds after which no controller is expected to remove a finalizer any more
_PAUSE = 0.2
_ROUND = 1.0  # seconds between two looks at everything, once something is stuck


def take(cluster: Cluster) -> Note:
    """Every object of a cluster whose change can be noticed later."""
    found = resource_types(cluster)
    with ThreadPoolExecutor(8) as pool:
        objects = dict(zip((kind.key for kind in found), pool.map(lambda k: _objects(cluster, k), found), strict=True))
    return {key: versions for key, versions in objects.items() if versions} | {"nodes": _nodes(cluster)}


def restore(cluster: Cluster, before: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Delete what was added since `before`; what differs nevertheless, as sentences (none: it is as good as new)."""
    until = time.monotonic() + _PATIENCE
    stuck = time.monotonic() + _STUCK
    asked: set[str] = set()
    deletions: list[NamespaceDeletion] = []
    while extra := list(_added(cluster, before)):
        if time.monotonic() > until:
            return [f"{path} does not go away" for path in extra]
        for path in extra:
            if path in asked and time.monotonic() > stuck:
                _remove_finalizers(cluster, path)
        deletions += _delete(cluster, [path for path in extra if path not in asked])
        asked.update(extra)
        # Another look at everything costs one list for each kind.
        _await_end(cluster, extra, deletions, max(stuck, time.monotonic() + _ROUND))
    return _await_settled(cluster, before)


def _await_settled(cluster: Cluster, before: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What differs, as sentences, once controllers have aggregated anew; also the APIs that do not answer, whose
    objects cannot be listed."""
    until = time.monotonic() + _FOLLOWING
    while True:
        differing, stale = _differing(cluster, before), discover(cluster).stale
        aggregated = {key.rpartition("/")[2] for key, _ in differing} <= _BY_CONTENT
        if not (differing or stale) or not aggregated or time.monotonic() > until:
            sentences = [f"{key} {what}" for key, what in differing]
            return sentences + [f"the API {version} does not answer" for version in stale]
        time.sleep(_PAUSE)


def _differing(cluster: Cluster, before: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """(kind, what happened to an object) for each object that is not as it was."""
    now = take(cluster)
    return [
        (key, f"{name} was {'changed' if name in now.get(key, {}) else 'removed'}")
        for key, objects in before.items()
        for name, version in objects.items()
        if now.get(key, {}).get(name) != version
    ]


def _objects(cluster: Cluster, kind: ResourceType) -> dict[str, str]:
    """`namespace/name` -> version of each object of a kind."""
    by_content = kind.plural in _BY_CONTENT
    version = _content if by_content else _version
    items = listed(cluster, kind.key, whole=by_content)
    return {_name(item["metadata"]): version(item) for item in items if not _is_owned_pod(kind, item)}


def _is_owned_pod(kind: ResourceType, item: Mapping[str, Any]) -> bool:
    """Whether an object is a pod that its owner creates and removes."""
    return kind.plural == "pods" and bool(item["metadata"].get("ownerReferences"))


def _name(metadata: Mapping[str, Any]) -> str:
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if namespace else str(metadata["name"])


def _version(item: Mapping[str, Any]) -> str:
    """The generation, which changes only with the spec, where the kind has one; else the resource version."""
    metadata = item["metadata"]
    generation = metadata.get("generation")
    return f"{metadata['uid']} {f'g{generation}' if generation else metadata['resourceVersion']}"


def _content(item: Mapping[str, Any]) -> str:
    """A digest of the content: the same after a change and its reversal."""
    metadata = {name: item["metadata"].get(name) for name in ("uid", "labels", "annotations")}
    return _digest([metadata, {name: value for name, value in item.items() if name != "metadata"}])


def _nodes(cluster: Cluster) -> dict[str, str]:
    """Node -> a digest of what an administrator may set on it."""
    found = {}
    for node in cluster.list("Node"):
        wanted = [
            node["metadata"].get("labels"),
            sorted(json.dumps(t, sort_keys=True) for t in node["spec"].get("taints", []) if "timeAdded" not in t),
            node["spec"].get("unschedulable", False),
        ]
        found[node["metadata"]["name"]] = _digest([node["metadata"]["uid"], *wanted])
    return found


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _added(cluster: Cluster, before: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Paths of objects that `before` lacks: namespaces first, and nothing that is in one of those."""
    found = resource_types(cluster)
    with ThreadPoolExecutor(8) as pool:
        objects = list(zip(found, pool.map(lambda kind: _objects(cluster, kind), found), strict=True))
    new = {kind.key: [name for name in names if name not in before.get(kind.key, {})] for kind, names in objects}
    namespaces = set(new.get("/api/v1/namespaces", []))
    for kind in sorted(found, key=lambda kind: kind.plural != "namespaces"):
        for name in new[kind.key]:
            if name.rpartition("/")[0] not in namespaces and not _is_recreated(kind, name):
                yield kind.path(name)


def _is_recreated(kind: ResourceType, name: str) -> bool:
    """Whether the API itself creates the object again in every namespace."""
    recreated = {"serviceaccounts": "default", "configmaps": "kube-root-ca.crt"}.get(kind.plural)
    return recreated is not None and name.endswith(f"/{recreated}")


def _delete(cluster: Cluster, paths: Sequence[str]) -> list[NamespaceDeletion]:
    """Ask for the deletion of objects; the deletions of those that are namespaces, which have yet to be emptied."""
    for path in paths:
        try:
            cluster.raw("DELETE", path, query=SOON)
        except ApiRefused as refused:
            if refused.status not in (404, 405, 409):
                raise
    namespaces = [path for path in paths if path.startswith(PREFIX) and path.count("/") == PREFIX.count("/")]
    kinds = resource_types(cluster, besides=()) if namespaces else ()
    deletions = [NamespaceDeletion(cluster, path, kinds) for path in namespaces]
    for deletion in deletions:
        deletion.empty()
    return deletions


def _await_end(cluster: Cluster, paths: Iterable[str], deletions: Iterable[NamespaceDeletion], until: float) -> None:
    """Wait until none of the objects exists any more, or the time (of `time.monotonic`) has come."""
    left = list(paths)
    while left and time.monotonic() < until:
        time.sleep(_PAUSE)
        for deletion in deletions:
            deletion.end()
        left = [path for path in left if _exists(cluster, path)]


def _exists(cluster: Cluster, path: str) -> bool:
    try:
        cluster.raw("GET", path)
    except ApiRefused as refused:
        return refused.status != 404
    return True


def _remove_finalizers(cluster: Cluster, path: str) -> None:
    """Remove the finalizers of an object whose controller is gone."""
    change = {"metadata": {"finalizers": None}}
    headers = {"Content-Type": "application/merge-patch+json"}
    try:
        cluster.raw("PATCH", path, body=change, headers=headers)
    except ApiRefused as refused:
        if refused.status not in (404, 405, 409, 422):
            raise
