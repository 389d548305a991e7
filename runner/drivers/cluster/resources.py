"""The kinds of objects that an API serves, and where each lies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rung.checks.client.discovery import DISCOVERY
from rung.checks.cluster import ApiRefused, Cluster

# Answers with no more of each object than its metadata.
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
# What controllers make and unmake by themselves; pods are looked at by their owners.
THEIR_OWN = frozenset(
    {
        "events", "leases", "endpoints", "endpointslices", "replicasets", "controllerrevisions", "ipaddresses",
        "certificatesigningrequests", "csinodes", "volumeattachments", "nodes", "servicecidrs", "storageversions",
    }
)  # fmt: skip


@dataclass(frozen=True)
class ResourceType:
    """One kind of object as the API serves it."""

    prefix: str  # /api/v1 or /apis/GROUP/VERSION
    plural: str
    namespaced: bool
    together: bool = True  # whether all of a namespace can be deleted with one request

    @property
    def key(self) -> str:
        return f"{self.prefix}/{self.plural}"

    def path(self, name: str) -> str:
        """The path of an object called `namespace/name` or `name`; of all in a namespace: `namespace/`."""
        namespace, _, own = name.rpartition("/")
        within = f"/namespaces/{namespace}" if namespace else ""
        return f"{self.prefix}{within}/{self.plural}/{own}".rstrip("/")


def resource_types(cluster: Cluster, besides: Collection[str] = THEIR_OWN) -> list[ResourceType]:
    """Every kind whose objects can be listed and deleted, each once, in its preferred version; `besides`: plurals
    that are left out."""
    found = []
    for root in ("/api", "/apis"):
        for group in cluster.raw("GET", root, headers={"Accept": DISCOVERY}).json()["items"] or []:
            found += list(_of(root, group, besides))
    return found


def listed(cluster: Cluster, path: str, *, query: Mapping[str, Any] | None = None, whole: bool = False) -> list[Any]:
    """The objects at a path, their metadata alone or whole; none where their definition has just gone.

    Raises ApiRefused.
    """
    try:
        answer = cluster.raw("GET", path, query=query, headers={} if whole else {"Accept": METADATA})
    except ApiRefused as refused:
        if refused.status in (404, 405):
            return []
        raise
    return answer.json()["items"] or []


def _of(root: str, group: Mapping[str, Any], besides: Collection[str]) -> Iterator[ResourceType]:
    name = group.get("metadata", {}).get("name", "")
    seen: set[str] = set()
    for version in group["versions"]:
        if version.get("freshness") == "Stale":  # its server does not answer
            continue
        prefix = f"{root}/{name}/{version['version']}" if name else f"{root}/{version['version']}"
        for resource in version.get("resources", []):
            plural, verbs = resource["resource"], set(resource.get("verbs", []))
            if plural in seen or plural in besides or not {"list", "delete"} <= verbs:
                continue
            seen.add(plural)
            yield ResourceType(prefix, plural, resource["scope"] == "Namespaced", "deletecollection" in verbs)
