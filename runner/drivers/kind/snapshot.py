"""A cluster as it was when it was new: noted once, compared and restored after each lab that shared it.

Deleting what a lab added is enough after most labs. Whatever was changed or removed beyond that cannot be
put back for certain, so then the cluster is not used again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rung.checks.cluster import ApiRefused, Cluster
from rung.runner.drivers.cluster.resources import ResourceType, listed, resource_types
from rung.runner.drivers.kind.namespace_deletion import PREFIX, SOON, NamespaceDeletion

# group/version resource -> "namespace/name" (or "name") -> a text that changes with what it says
Note = dict[str, dict[str, str]]

# Some of them are gathered from others: what a lab adds is in them and, after it, is not. No generation tells.
_BY_CONTENT = frozenset({"clusterroles"})
_PATIENCE = 20.0  # seconds for everything to be gone
_FOLLOWING = 3.0  # seconds in which a controller gathers anew what was gathered from something that is gone
_STUCK = 4.0  # seconds after which nobody is expected to take a finalizer away
_PAUSE = 0.2
_ROUND = 1.0  # seconds between two looks at everything, once something is stuck


def take(cluster: Cluster) -> Note:
    """All objects of a cluster that could be told from others later."""
    found = resource_types(cluster)
    with ThreadPoolExecutor(8) as pool:
        listed = dict(zip((s.key for s in found), pool.map(lambda s: _objects(cluster, s), found), strict=True))
    return {key: objects for key, objects in listed.items() if objects} | {"nodes": _nodes(cluster)}


def restore(cluster: Cluster, before: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Delete what was added since `before`; what differs nevertheless, as sentences (none: it is as new)."""
    until = time.monotonic() + _PATIENCE
    stuck = time.monotonic() + _STUCK
    asked: set[str] = set()
    endings: list[NamespaceDeletion] = []
    while extra := list(_added(cluster, before)):
        if time.monotonic() > until:
            return [f"{path} does not go away" for path in extra]
        for path in extra:
            if path in asked and time.monotonic() > stuck:
                _unbind(cluster, path)
        endings += _delete(cluster, [path for path in extra if path not in asked])
        asked.update(extra)
        # To look at everything costs a list for every kind that there is.
        _await_end(cluster, extra, endings, max(stuck, time.monotonic() + _ROUND))
    following = time.monotonic() + _FOLLOWING
    while differing := _differing(cluster, before):
        follows = {key.rpartition("/")[2] for key, _ in differing} <= _BY_CONTENT
        if not follows or time.monotonic() > following:
            break
        time.sleep(_PAUSE)
    return [f"{key} {what}" for key, what in differing]


def _differing(cluster: Cluster, before: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """(kind, what became of an object) for each that is no longer what it was."""
    now = take(cluster)
    return [
        (key, f"{name} was {'changed' if name in now.get(key, {}) else 'removed'}")
        for key, objects in before.items()
        for name, version in objects.items()
        if now.get(key, {}).get(name) != version
    ]


def _objects(cluster: Cluster, sort: ResourceType) -> dict[str, str]:
    by_content = sort.plural in _BY_CONTENT
    version = _content if by_content else _version
    items = listed(cluster, sort.key, whole=by_content)
    return {_called(item["metadata"]): version(item) for item in items if not _owned(sort, item)}


def _owned(sort: ResourceType, item: Mapping[str, Any]) -> bool:
    """Whether a pod comes and goes with something else."""
    return sort.plural == "pods" and bool(item["metadata"].get("ownerReferences"))


def _called(metadata: Mapping[str, Any]) -> str:
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if namespace else str(metadata["name"])


def _version(item: Mapping[str, Any]) -> str:
    """The generation, which only a change of what is wanted moves, where the kind has one; else the version."""
    metadata = item["metadata"]
    generation = metadata.get("generation")
    return f"{metadata['uid']} {f'g{generation}' if generation else metadata['resourceVersion']}"


def _content(item: Mapping[str, Any]) -> str:
    """A digest of what it says: changed and changed back, it is the same."""
    metadata = {name: item["metadata"].get(name) for name in ("uid", "labels", "annotations")}
    return _digest([metadata, {name: value for name, value in item.items() if name != "metadata"}])


def _nodes(cluster: Cluster) -> dict[str, str]:
    """Node -> a digest of what an administrator may have set on it."""
    found = {}
    for node in cluster.list("Node"):
        wanted = [
            node["metadata"].get("labels"),
            sorted(json.dumps(t, sort_keys=True) for t in node["spec"].get("taints", []) if "timeAdded" not in t),
            node["spec"].get("unschedulable", False),
        ]
        found[node["metadata"]["name"]] = _digest([node["metadata"]["uid"], *wanted])
    return found


def _digest(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def _added(cluster: Cluster, before: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Paths of objects that were not there: namespaces first, and not what lies in one of those."""
    found = resource_types(cluster)
    with ThreadPoolExecutor(8) as pool:
        listed = list(zip(found, pool.map(lambda s: _objects(cluster, s), found), strict=True))
    new = {s.key: [n for n in objects if n not in before.get(s.key, {})] for s, objects in listed}
    namespaces = set(new.get("/api/v1/namespaces", []))
    for sort in sorted(found, key=lambda s: s.plural != "namespaces"):
        for name in new[sort.key]:
            if name.rpartition("/")[0] not in namespaces and name not in _made_in_each(sort, name):
                yield sort.path(name)


def _made_in_each(sort: ResourceType, name: str) -> Iterable[str]:
    """What the API itself makes again at once in every namespace."""
    itself = {"serviceaccounts": "default", "configmaps": "kube-root-ca.crt"}.get(sort.plural)
    return [name] if itself is not None and name.endswith(f"/{itself}") else []


def _delete(cluster: Cluster, paths: Sequence[str]) -> list[NamespaceDeletion]:
    """Ask for the end of objects; those that are namespaces, which end when all in them has ended."""
    for path in paths:
        try:
            cluster.raw("DELETE", path, query=SOON)
        except ApiRefused as refused:
            if refused.status not in (404, 405, 409):
                raise
    spaces = [path for path in paths if path.startswith(PREFIX) and path.count("/") == PREFIX.count("/")]
    kinds = resource_types(cluster, besides=()) if spaces else ()
    endings = [NamespaceDeletion(cluster, path, kinds) for path in spaces]
    for ending in endings:
        ending.empty()
    return endings


def _await_end(cluster: Cluster, paths: Iterable[str], endings: Iterable[NamespaceDeletion], until: float) -> None:
    """Wait until none of the objects is there any more, or that time has come."""
    left = list(paths)
    while left and time.monotonic() < until:
        time.sleep(_PAUSE)
        for ending in endings:
            ending.end()
        left = [path for path in left if _exists(cluster, path)]


def _exists(cluster: Cluster, path: str) -> bool:
    try:
        cluster.raw("GET", path)
    except ApiRefused as refused:
        return refused.status != 404
    return True


def _unbind(cluster: Cluster, path: str) -> None:
    """Take the finalizers from an object whose controller is gone."""
    change = {"metadata": {"finalizers": None}}
    headers = {"Content-Type": "application/merge-patch+json"}
    try:
        cluster.raw("PATCH", path, body=change, headers=headers)
    except ApiRefused as refused:
        if refused.status not in (404, 405, 409, 422):
            raise
