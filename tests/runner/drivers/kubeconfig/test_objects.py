"""What is made is labelled, what is removed bears the label, also where the cluster is odd."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from rung.checks.client import discovery
from rung.checks.cluster import ApiRefused
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.kubeconfig import objects as belongings

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
ATTEMPT = "0a1b2c3d"
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
GROUPS = {
    "/api": {"": ["namespaces", "pods", "persistentvolumes"]},
    "/apis": {"rbac.authorization.k8s.io": ["clusterroles"], "example.com": ["lamps"]},
}


class Answer:
    def __init__(self, value: Any) -> None:
        self.value = value

    def json(self) -> Any:
        return self.value


class Api:
    """An API with objects outside of namespaces, by path; `refuses` (path or `METHOD path` -> status)."""

    def __init__(self, objects: Mapping[str, Mapping[str, Any]], refuses: Mapping[str, int] | None = None) -> None:
        self.objects = dict(objects)
        self.refuses = dict(refuses or {})
        self.deleted: list[str] = []

    def raw(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if status := self.refuses.get(path) or self.refuses.get(f"{method} {path}"):
            raise ApiRefused(status, "no", f"{method} {path}")
        if headers == {"Accept": discovery.DISCOVERY}:
            return Answer({"items": [_group(name, plurals) for name, plurals in GROUPS[path].items()]})
        if method == "DELETE":
            self.deleted.append(path)
            found = self.objects.get(path)
            if found is not None and (body or {}).get("preconditions", {}).get("uid") == found["uid"]:
                del self.objects[path]
            return Answer({})
        if path in self.objects:
            return Answer({"metadata": self.objects[path]})
        if path.rsplit("/", 1)[-1] not in (plural for each in GROUPS.values() for p in each.values() for plural in p):
            raise ApiRefused(404, f'"{path}" not found', f"{method} {path}")
        wanted = (query or {}).get("labelSelector", "").partition("=")[2]
        below = [item for at, item in self.objects.items() if at.rsplit("/", 1)[0] == path]
        return Answer(
            {"items": [{"metadata": i} for i in below if wanted in ("", i.get("labels", {}).get("rung.attempt"))]}
        )

    def get(self, plural: str, name: str, *, api_version: str) -> dict[str, Any] | None:
        root = f"/api/{api_version}" if "/" not in api_version else f"/apis/{api_version}"
        found = self.objects.get(f"{root}/{plural}/{name}")
        return {"metadata": found} if found else None

    def resource(self, kind: str, api_version: str | None = None) -> Any:
        return discovery.find_resource(kind, api_version, discovery.common_resources())


def _group(name: str, plurals: list[str]) -> dict[str, Any]:
    listed = [
        {"resource": p, "scope": "Namespaced" if p == "pods" else "Cluster", "verbs": ["list", "delete"]}
        for p in plurals
    ]
    return {"metadata": {"name": name}, "versions": [{"version": "v1", "resources": listed}]}


def thing(name: str, uid: str, attempt: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "uid": uid, "labels": {"rung.attempt": attempt} if attempt else {}, **more}


def api(refuses: Mapping[str, int] | None = None) -> Any:
    """A cluster with things of the attempt's, and of others."""
    return Api(
        {
            "/api/v1/namespaces/shop": thing("shop", "u1", ATTEMPT),
            "/api/v1/namespaces/theirs": thing("theirs", "u2"),
            "/api/v1/persistentvolumes/disk": thing("disk", "u3", ATTEMPT),
            "/api/v1/persistentvolumes/other": thing("other", "u4", "ffffffff"),
            "/apis/example.com/v1/lamps/lamp": thing("lamp", "u5"),
        },
        refuses,
    )


def test_what_lies_in_no_namespace_is_labelled_and_otherwise_as_kubectl_applies_it() -> None:
    made: list[dict[str, Any]] = []
    cluster: Any = SimpleNamespace(resource=api().resource, raw=lambda *_, body, **__: made.append(body["metadata"]))
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}
    belongings.create(cluster, ATTEMPT, [NAMESPACE, pod])
    whole, inside = (json.loads(each["annotations"][APPLIED]) for each in made)
    # Without the label: else a later `kubectl apply` would take it away.
    assert whole == {**NAMESPACE, "metadata": {"name": "shop", "annotations": {}}}
    assert made[0]["labels"] == {"rung.attempt": ATTEMPT}
    assert NAMESPACE["metadata"] == {"name": "shop"}
    assert inside["metadata"] == {"name": "web", "namespace": "default", "annotations": {}}
    assert "labels" not in made[1]


def test_only_what_bears_the_label_is_removed_namespaces_first() -> None:
    cluster = api()
    belongings.remove(cluster, ATTEMPT)
    assert cluster.deleted == [
        "/api/v1/namespaces/shop",
        "/api/v1/namespaces/shop/pods",
        "/api/v1/persistentvolumes/disk",
    ]
    assert [found["name"] for found in cluster.objects.values()] == ["theirs", "other", "lamp"]


def test_a_namespace_that_is_another_one_by_now_keeps_its_pods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belongings, "_GONE_SECONDS", 0.0)
    cluster = api({"DELETE /api/v1/namespaces/shop": 409})
    with pytest.raises(EnvironmentBroken) as stays:
        belongings.remove(cluster, ATTEMPT)
    assert str(stays.value) == "namespaces/shop did not go away within 0 s."
    assert cluster.deleted == []


def test_kinds_that_the_user_may_not_list_or_whose_server_is_down_are_passed_over() -> None:
    cluster = api({"/apis/rbac.authorization.k8s.io/v1/clusterroles": 403, "/apis/example.com/v1/lamps": 503})
    assert [str(found) for found in belongings.owned_objects(cluster, ATTEMPT)] == [
        "namespaces/shop",
        "persistentvolumes/disk",
    ]
    with pytest.raises(ApiRefused):
        belongings.owned_objects(api({"/api/v1/persistentvolumes": 503}), ATTEMPT)


def test_what_is_new_is_told_by_uid() -> None:
    cluster = api()
    before = belongings.note(cluster)
    cluster.objects["/api/v1/persistentvolumes/fresh"] = thing("fresh", "u6")
    cluster.objects["/apis/example.com/v1/lamps/lamp"] = thing("lamp", "u7")
    assert belongings.new_since(cluster, before) == ["lamps/lamp", "persistentvolumes/fresh"]


def test_what_is_there_already_is_told_with_what_is_known_of_it() -> None:
    volumes = [
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}} for name in ("other", "new")
    ]
    cluster = api()
    cluster.objects["/api/v1/namespaces/theirs"] |= {"deletionTimestamp": "2026-01-01T00:00:00Z"}
    manifests = [
        NAMESPACE,
        *volumes,
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}},
    ]
    assert belongings.existing(cluster, manifests, "theirs") == [
        f"namespaces/shop (of attempt {ATTEMPT})",
        "namespaces/theirs (being removed)",
        "persistentvolumes/other (of attempt ffffffff)",
    ]
