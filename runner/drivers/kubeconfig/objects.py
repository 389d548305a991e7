"""What an attempt makes in a cluster of the user's: each object labelled as it is made, and only those removed.

What lies in a namespace that bears the label belongs to the attempt with it. Everything else is somebody's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from rung.checks.client.discovery import ApiResource
from rung.checks.client.errors import UnknownKind
from rung.checks.cluster import ApiRefused, Cluster
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

    sort: ResourceType
    name: str
    uid: str

    def __str__(self) -> str:
        return f"{self.sort.plural}/{self.name}"


def resource_of(api: Cluster, manifest: Manifest) -> ApiResource | None:
    """The kind of a manifest; None where the cluster serves none such (yet: setup.yaml may bring it)."""
    try:
        return api.resource(manifest["kind"], manifest["apiVersion"])
    except UnknownKind:
        return None


def namespaces_of(manifests: Iterable[Manifest]) -> list[str]:
    """Names of the namespaces that manifests make."""
    return [m["metadata"]["name"] for m in manifests if m["kind"] == "Namespace" and m["metadata"].get("name")]


def existing(api: Cluster, manifests: Sequence[Manifest], namespace: str) -> list[str]:
    """What is there already of what the attempt is to make in no namespace of its own, each with what is known
    of it; `namespace`: the lab's own, which may also be the learner's to make."""
    wanted = [("namespaces", "v1", name) for name in dict.fromkeys([*namespaces_of(manifests), namespace])]
    for manifest in manifests:
        resource, name = resource_of(api, manifest), manifest["metadata"].get("name")
        if resource is not None and not resource.namespaced and resource.plural != "namespaces" and name:
            wanted.append((resource.plural, resource.api_version, name))
    found = [(plural, name, api.get(plural, name, api_version=version)) for plural, version, name in wanted]
    return [f"{plural}/{name}{_known(there)}" for plural, name, there in found if there is not None]


def _known(there: Mapping[str, Any]) -> str:
    metadata = there["metadata"]
    if attempt := (metadata.get("labels") or {}).get(LABEL):
        return f" (of attempt {attempt})"
    return " (being removed)" if metadata.get("deletionTimestamp") else ""


def create(api: Cluster, attempt: str, manifests: Sequence[Manifest]) -> None:
    """Make objects, in their order, those outside of namespaces with the attempt's label.

    Raises UsageError where one is there already (it is let be), ApiRefused.
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
                fix="Start the lab with another --seed, or remove that yourself.",
            ) from refused


def remove(api: Cluster, attempt: str) -> None:
    """Remove what bears the attempt's label: namespaces with what is in them first, then the rest.

    Raises EnvironmentBroken where something does not go away, ApiRefused.
    """
    found = things(api, attempt)
    namespaces = [thing for thing in found if thing.sort.plural == "namespaces"]
    for chosen in (namespaces, [thing for thing in found if thing not in namespaces]):
        for thing in chosen:
            _delete(api, thing)
        _wait(api, chosen)


def things(api: Cluster, attempt: str) -> list[OwnedObject]:
    """Everything outside of namespaces that bears the attempt's label."""
    query = {"labelSelector": f"{LABEL}={attempt}"}
    return [OwnedObject(sort, item["name"], item["uid"]) for sort, item in _listed(api, query)]


def note(api: Cluster) -> Note:
    """Everything outside of namespaces, so that it can be told later what is new."""
    return {f"{sort.plural}/{item['name']}": item["uid"] for sort, item in _listed(api, {})}


def new_since(api: Cluster, before: Mapping[str, str]) -> list[str]:
    """What is there now outside of namespaces and was not when `before` was noted."""
    known = set(before.values())
    return sorted(name for name, uid in note(api).items() if uid not in known)


def _listed(api: Cluster, query: Mapping[str, str]) -> Iterator[tuple[ResourceType, dict[str, Any]]]:
    """The metadata of all objects outside of namespaces that a query selects.

    A kind that the user may not list is left out, as is one that is not Kubernetes' own and whose server is in
    trouble: it would keep every lab from being ended.
    """

    def objects(sort: ResourceType) -> list[dict[str, Any]]:
        try:
            answer = api.raw("GET", sort.key, query=query, headers={"Accept": METADATA}).json()
        except ApiRefused as refused:
            built_in = "." not in sort.prefix or ".k8s.io/" in sort.prefix
            if refused.status in (403, 404, 405) or not built_in:
                return []
            raise
        return [item["metadata"] for item in answer["items"] or ()]

    wanted = [sort for sort in resource_types(api) if not sort.namespaced]
    with ThreadPoolExecutor(8) as pool:
        for sort, found in zip(wanted, pool.map(objects, wanted), strict=True):
            yield from ((sort, item) for item in found)


def _delete(api: Cluster, thing: OwnedObject) -> None:
    """Ask for an object's end, if it is still the one that bears the label; a namespace's pods end at once."""
    path = thing.sort.path(thing.name)
    options = {"preconditions": {"uid": thing.uid}, "propagationPolicy": "Background"}
    asked = _allowed(lambda: api.raw("DELETE", path, body=options))
    if asked and thing.sort.plural == "namespaces":
        _allowed(lambda: api.raw("DELETE", f"{path}/pods", query={"gracePeriodSeconds": _GRACE}))


def _allowed(delete: Callable[[], object]) -> bool:
    """Whether the API does it; False where the object is gone, or is another one by now."""
    try:
        delete()
    except ApiRefused as refused:
        if refused.status not in (404, 405, _CONFLICT):
            raise
        return False
    return True


def _wait(api: Cluster, wanted: Sequence[OwnedObject]) -> None:
    """Wait until objects are gone. Raises EnvironmentBroken with those that stay."""
    until = time.monotonic() + _GONE_SECONDS
    left = [thing for thing in wanted if _is_there(api, thing)]
    while left:
        if time.monotonic() > until:
            raise EnvironmentBroken(
                f"{', '.join(map(str, left))} did not go away within {_GONE_SECONDS:g} s.",
                fix="`kubectl get -o yaml` tells what holds them; `rung stop` tries again.",
            )
        time.sleep(_PAUSE)
        left = [thing for thing in left if _is_there(api, thing)]


def _is_there(api: Cluster, thing: OwnedObject) -> bool:
    try:
        found = api.raw("GET", thing.sort.path(thing.name), headers={"Accept": _ONE}).json()
    except ApiRefused as refused:
        if refused.status != 404:
            raise
        return False
    return bool(found["metadata"]["uid"] == thing.uid)
