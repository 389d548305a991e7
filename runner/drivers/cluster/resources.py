"""The kinds of objects that an API serves, and their paths."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rung.checks.cluster import DISCOVERY, ApiRefused, Cluster

# Accept: only the metadata of each object.
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
# Kinds whose objects controllers create and remove by themselves.
CONTROLLED = frozenset(
    {
        "events", "leases", "endpoints", "endpointslices", "replicasets", "controllerrevisions", "ipaddresses",
        "certificatesigningrequests", "csinodes", "volumeattachments", "nodes", "servicecidrs", "storageversions",
    }
)  # fmt: skip


STALE = "Stale"  # what aggregated discovery says of an API version whose server does not answer


@dataclass(frozen=True)
class ResourceType:
    """One kind of object as the API serves it."""

    prefix: str  # /api/v1 or /apis/GROUP/VERSION
    plural: str
    namespaced: bool
    collection: bool = True  # whether one request can delete all objects of a namespace

    @property
    def key(self) -> str:
        return f"{self.prefix}/{self.plural}"

    def path(self, name: str) -> str:
        """The path of an object `namespace/name` or `name`; `namespace/` is the path of all objects in it."""
        namespace, _, own = name.rpartition("/")
        within = f"/namespaces/{namespace}" if namespace else ""
        return f"{self.prefix}{within}/{self.plural}/{own}".rstrip("/")


@dataclass(frozen=True)
class Discovery:
    """What an API serves at one moment."""

    kinds: tuple[ResourceType, ...]
    stale: tuple[str, ...]  # `group/version` of each API whose server does not answer; its kinds are not in `kinds`


def discover(cluster: Cluster, besides: Collection[str] = CONTROLLED) -> Discovery:
    """Every kind whose objects can be listed and deleted, each once, in its preferred version.

    besides: plurals that are left out. Raises ApiRefused.
    """
    kinds: list[ResourceType] = []
    stale: list[str] = []
    for root in ("/api", "/apis"):
        for group in cluster.raw("GET", root, headers={"Accept": DISCOVERY}).json()["items"] or []:
            name = group.get("metadata", {}).get("name", "")
            kinds += _kinds_of(root, group, besides)
            stale += [f"{name}/{v['version']}" for v in group["versions"] if v.get("freshness") == STALE]
    return Discovery(tuple(kinds), tuple(stale))


def resource_types(cluster: Cluster, besides: Collection[str] = CONTROLLED) -> tuple[ResourceType, ...]:
    """The kinds of `discover`."""
    return discover(cluster, besides).kinds


def listed(cluster: Cluster, path: str, *, query: Mapping[str, Any] | None = None, whole: bool = False) -> list[Any]:
    """The objects at a path, their metadata alone or whole; none where the kind was removed meanwhile.

    Raises ApiRefused.
    """
    try:
        answer = cluster.raw("GET", path, query=query, headers={} if whole else {"Accept": METADATA})
    except ApiRefused as refused:
        if refused.status in (404, 405):
            return []
        raise
    return answer.json()["items"] or []


def _kinds_of(root: str, group: Mapping[str, Any], besides: Collection[str]) -> Iterator[ResourceType]:
    name = group.get("metadata", {}).get("name", "")
    seen: set[str] = set()
    for version in group["versions"]:
        if version.get("freshness") == STALE:
            continue
        prefix = f"{root}/{name}/{version['version']}" if name else f"{root}/{version['version']}"
        for resource in version.get("resources", []):
            plural, verbs = resource["resource"], set(resource.get("verbs", []))
            if plural in seen or plural in besides or not {"list", "delete"} <= verbs:
                continue
            seen.add(plural)
            yield ResourceType(prefix, plural, resource["scope"] == "Namespaced", "deletecollection" in verbs)
