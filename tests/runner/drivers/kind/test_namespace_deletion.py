"""A namespace ends at once where every API answers; where one does not, it waits for its controller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from rung.checks.client import discovery
from rung.checks.cluster import ApiRefused
from rung.runner.drivers.cluster.resources import discover, resource_types
from rung.runner.drivers.kind import snapshot
from rung.runner.drivers.kind.namespace_deletion import NamespaceDeletion

INN = "/api/v1/namespaces/inn"
LAMPS = "/apis/example.com/v1/namespaces/inn/lamps"


class Answer:
    def __init__(self, value: Any) -> None:
        self.value = value

    def json(self) -> Any:
        return self.value


class Api:
    """An API server, and an aggregated one of the kind `lamps`, of which one is in the namespace inn. `stale`: that one
    does not answer, so that discovery does not list its kinds."""

    def __init__(self) -> None:
        self.stale = True
        self.spaces = {"inn"}
        self.lamps = ["lamp"]

    def raw(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **_: Any) -> Answer:
        if headers == {"Accept": discovery.DISCOVERY}:
            return Answer({"items": [self._core() if path == "/api" else self._aggregated()]})
        if path == LAMPS:
            if self.stale:
                raise ApiRefused(503, "the server is currently unable to handle the request", path)
            if method == "DELETE":
                self.lamps = []
            return Answer({"items": [{"metadata": {"name": name, "namespace": "inn"}} for name in self.lamps]})
        if path == f"{INN}/finalize":
            self.spaces.discard("inn")
            return Answer({})
        if path == INN and method == "GET" and "inn" not in self.spaces:
            raise ApiRefused(404, "not found", path)
        if path == "/api/v1/namespaces":
            return Answer({"items": [{"metadata": {"name": n, "uid": n, "generation": 1}} for n in self.spaces]})
        return Answer({"items": []})

    def list(self, _kind: str) -> list[Any]:
        return []

    @staticmethod
    def _core() -> dict[str, Any]:
        verbs = ["list", "delete", "deletecollection"]
        kinds = [
            {"resource": "namespaces", "scope": "Cluster", "verbs": verbs},
            {"resource": "secrets", "scope": "Namespaced", "verbs": verbs},
        ]
        return {"versions": [{"version": "v1", "resources": kinds}]}

    def _aggregated(self) -> dict[str, Any]:
        verbs = ["list", "delete", "deletecollection"]
        kinds = [{"resource": "lamps", "scope": "Namespaced", "verbs": verbs}]
        version = {"version": "v1", "freshness": "Stale"} if self.stale else {"version": "v1", "resources": kinds}
        return {"metadata": {"name": "example.com"}, "versions": [version]}


@pytest.fixture
def api() -> Any:
    return Api()


def test_an_object_of_an_api_that_does_not_answer_does_not_outlive_its_namespace(api: Any) -> None:
    deletion = NamespaceDeletion(api, INN, resource_types(api, besides=()))
    deletion.empty()
    deletion.end()
    assert (api.spaces, api.lamps) == ({"inn"}, ["lamp"])  # it waits for its controller, which waits for the API

    api.stale = False
    deletion.end()
    assert ([kind.plural for kind in deletion.left], api.spaces) == (["lamps"], {"inn"})
    deletion = NamespaceDeletion(api, INN, resource_types(api, besides=()))
    deletion.empty()
    deletion.end()
    assert (api.spaces, api.lamps) == (set(), [])


def test_a_cluster_in_which_an_api_does_not_answer_does_not_serve_the_next_lab(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_PATIENCE", "_FOLLOWING", "_STUCK", "_PAUSE", "_ROUND"):
        monkeypatch.setattr(snapshot, name, 0.01)
    assert snapshot.restore(api, {}) == ["/api/v1/namespaces/inn does not go away"]
    before = {"/api/v1/namespaces": {"inn": "inn g1"}}
    assert discover(api).stale == ("example.com/v1",)
    assert snapshot.restore(api, before) == ["the API example.com/v1 does not answer"]
    api.stale, api.lamps = False, []
    assert snapshot.restore(api, before) == []
