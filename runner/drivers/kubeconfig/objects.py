"""The objects of an attempt in a cluster of the user's: labelled as they are created, and only those removed.

Everything in a namespace with the label belongs to the attempt. Everything else is the user's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from rung.checks.cluster import ApiRefused, ApiResource, Cluster, UnknownKind
from rung.runner.core.errors import EnvironmentBroken, UsageError
from rung.runner.drivers.base.labels import LABEL
from rung.runner.drivers.cluster import apply
from rung.runner.drivers.cluster.apply import Manifest
from rung.runner.drivers.cluster.resources import METADATA, ResourceType, resource_types

# Object as kubectl names it (`namespaces/shop`) -> its uid
Note = dict[str, str]

_ONE = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
_GRACE = 1  # seconds that pods have to end
_GONE_SECONDS = 90.0
_PAUSE = 0.2
_CONFLICT = 409


@dataclass(frozen=True)
class OwnedObject:
    """An object that bears an attempt's label."""

    kind: ResourceType
    name: str
    uid: str

    def __str__(self) -> str:
        return f"{self.kind.plural}/{self.name}"


def resource_of(api: Cluster, manifest: Manifest) -> ApiResource | None:
    """The kind of a manifest; None where the cluster does not serve it (setup.yaml may define it)."""
    try:
        return api.resource(manifest["kind"], manifest["apiVersion"])
    except UnknownKind:
        return None


def namespaces_of(manifests: Iterable[Manifest]) -> list[str]:
    """Names of the namespaces that manifests create."""
    return [m["metadata"]["name"] for m in manifests if m["kind"] == "Namespace" and m["metadata"].get("name")]


def existing(api: Cluster, manifests: Sequence[Manifest], namespace: str) -> list[str]:
    """Which of the namespaces, and of the objects outside of namespaces, that the manifests create exist already.

    namespace: the lab's own, which the learner may have to create.
    """
    wanted = [("namespaces", "v1", name) for name in dict.fromkeys([*namespaces_of(manifests), namespace])]
    for manifest in manifests:
        resource, name = resource_of(api, manifest), manifest["metadata"].get("name")
        if resource is not None and not resource.namespaced and resource.plural != "namespaces" and name:
            wanted.append((resource.plural, resource.api_version, name))
    found = [(plural, name, api.get(plural, name, api_version=version)) for plural, version, name in wanted]
    return [f"{plural}/{name}{_known(item)}" for plural, name, item in found if item is not None]


def _known(item: Mapping[str, Any]) -> str:
    """Whose an object is, in brackets, as far as it tells."""
    metadata = item["metadata"]
    if attempt := (metadata.get("labels") or {}).get(LABEL):
        return f" (of attempt {attempt})"
    return " (being removed)" if metadata.get("deletionTimestamp") else ""


def create(api: Cluster, attempt: str, manifests: Sequence[Manifest]) -> None:
    """Create objects, in their order, those outside of namespaces with the attempt's label.

    Raises UsageError where one exists already (it is left as it is), ApiRefused.
    """
    for manifest in manifests:
        resource = api.resource(manifest["kind"], manifest["apiVersion"])
        try:
            apply.create(api, manifest, {} if resource.namespaced else {LABEL: attempt})
        except ApiRefused as refused:
            if refused.status != _CONFLICT:
                raise
            name = f"{resource.plural}/{manifest['metadata'].get('name')}"
            raise UsageError(
                f"The cluster has {name} already, which is not this lab's: it stays as it is.",
                fix="Start the lab with another --seed, or remove it yourself.",
            ) from refused


def remove(api: Cluster, attempt: str) -> None:
    """Remove what bears the attempt's label: namespaces with their content first, then the rest.

    Raises EnvironmentBroken where something does not go away, ApiRefused.
    """
    found = owned_objects(api, attempt)
    namespaces = [item for item in found if item.kind.plural == "namespaces"]
    for chosen in (namespaces, [item for item in found if item not in namespaces]):
        for item in chosen:
            _delete(api, item)
        _wait(api, chosen)


def owned_objects(api: Cluster, attempt: str) -> list[OwnedObject]:
    """Everything outside of namespaces that bears the attempt's label."""
    query = {"labelSelector": f"{LABEL}={attempt}"}
    return [OwnedObject(kind, item["name"], item["uid"]) for kind, item in _listed(api, query)]


def note(api: Cluster) -> Note:
    """Everything outside of namespaces, for `new_since`."""
    return {f"{kind.plural}/{item['name']}": item["uid"] for kind, item in _listed(api, {})}


def new_since(api: Cluster, before: Mapping[str, str]) -> list[str]:
    """What exists outside of namespaces and did not when `note` returned `before`."""
    known = set(before.values())
    return sorted(name for name, uid in note(api).items() if uid not in known)


def _listed(api: Cluster, query: Mapping[str, str]) -> Iterator[tuple[ResourceType, dict[str, Any]]]:
    """(kind, metadata) of all objects outside of namespaces that a query selects.

    Kinds that the user may not list are left out, and kinds that are not Kubernetes' own and whose server fails:
    otherwise no lab on that cluster could be ended.
    """

    def objects(kind: ResourceType) -> list[dict[str, Any]]:
        try:
            answer = api.raw("GET", kind.key, query=query, headers={"Accept": METADATA}).json()
        except ApiRefused as refused:
            built_in = "." not in kind.prefix or ".k8s.io/" in kind.prefix
            if refused.status in (403, 404, 405) or not built_in:
                return []
            raise
        return [item["metadata"] for item in answer["items"] or ()]

    wanted = [kind for kind in resource_types(api) if not kind.namespaced]
    with ThreadPoolExecutor(8) as pool:
        for kind, found in zip(wanted, pool.map(objects, wanted), strict=True):
            yield from ((kind, item) for item in found)


def _delete(api: Cluster, item: OwnedObject) -> None:
    """Ask for the deletion of the object with this uid; a namespace's pods get 1 s to end."""
    path = item.kind.path(item.name)
    options = {"preconditions": {"uid": item.uid}, "propagationPolicy": "Background"}
    asked = _allowed(lambda: api.raw("DELETE", path, body=options))
    if asked and item.kind.plural == "namespaces":
        _allowed(lambda: api.raw("DELETE", f"{path}/pods", query={"gracePeriodSeconds": _GRACE}))


def _allowed(delete: Callable[[], object]) -> bool:
    """Whether the API accepts a deletion; False where the object is gone, or has another uid."""
    try:
        delete()
    except ApiRefused as refused:
        if refused.status not in (404, 405, _CONFLICT):
            raise
        return False
    return True


def _wait(api: Cluster, wanted: Sequence[OwnedObject]) -> None:
    """Wait until objects are gone. Raises EnvironmentBroken with those that remain after 90 s."""
    until = time.monotonic() + _GONE_SECONDS
    left = [item for item in wanted if _exists(api, item)]
    while left:
        if time.monotonic() > until:
            raise EnvironmentBroken(
                f"{', '.join(map(str, left))} did not go away within {_GONE_SECONDS:g} s.",
                fix="`kubectl get -o yaml` tells what holds them; `rung stop` tries again.",
            )
        time.sleep(_PAUSE)
        left = [item for item in left if _exists(api, item)]


def _exists(api: Cluster, item: OwnedObject) -> bool:
    try:
        found = api.raw("GET", item.kind.path(item.name), headers={"Accept": _ONE}).json()
    except ApiRefused as refused:
        if refused.status != 404:
            raise
        return False
    return bool(found["metadata"]["uid"] == item.uid)
