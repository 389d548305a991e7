"""Kinds `resource`, `absent` and `count`."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from api_server import ApiState, check_context, connected, expectation, namespace, pod, serving, thing
from cluster_fixtures import Ask
from rung.checks.client.discovery import ApiResource


def shop(**spec: Any) -> dict[str, Any]:
    web = {"name": "web", "image": "rung/web:1.0", "resources": {"requests": {"cpu": "500m"}}}
    return thing(
        "Deployment", "shop", labels={"app": "shop"}, metadata={"generation": 2},
        spec={"replicas": 3, "selector": {"matchLabels": {"app": "shop"}},
              "template": {"spec": {"containers": [web]}}, **spec},
        status={"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3},
    )  # fmt: skip


@pytest.fixture
def api_state() -> ApiState:
    pods = [pod(f"shop-{n}", labels={"app": "shop"}) for n in (1, 2, 3)]
    return ApiState([namespace("lab"), namespace("web"), shop(), *pods, pod("alone", namespace="web")])


@pytest.mark.parametrize(
    "asked",
    [
        {"resource": "deployment/shop"},
        {"resource": {"kind": "Deployment", "name": "shop", "spec": {"replicas": 3}}, "ready": True},
        {"resource": {"apiVersion": "apps/v1", "kind": "deploy", "metadata": {"name": "shop", "namespace": "lab"}}},
        {"resource": {"kind": "Deployment", "name": "shop", "spec": {"paused": None, "template": {"spec": {
            "containers": [{"name": "web", "resources": {"requests": {"cpu": 0.5}}}]}}}}},
        {"resource": "deployment/shop", "lacks": [{"spec": {"paused": True}}]},
        {"resource": "pod/alone", "lacks": []} | {"resource": {"kind": "Pod", "name": "alone", "namespace": "web"}},
        {"absent": "secret/old"},
        {"absent": {"kind": "Deployment", "name": "shop", "namespace": "web"}},
        {"absent": "namespace/gone"},
        {"count": "pods", "labels": "app=shop", "exactly": 3, "ready": True},
        {"count": "pods", "labels": {"app": "shop"}, "like": {"spec": {"nodeName": "node01"}}, "every": True},
        {"count": "pods", "labels": "app=none", "max": 0},
        {"count": "pods", "namespace": "*", "min": 4},
        {"count": "Pod", "namespace": "web"},
        {"count": "pods", "fields": "status.phase=Pending", "exactly": 0},
    ],
)  # fmt: skip
def test_what_is_so_gives_no_reasons(ask: Ask, api_state: ApiState, asked: dict[str, Any]) -> None:
    assert ask(api_state, asked) == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"resource": {"kind": "Deployment", "name": "shop", "spec": {"replicas": 1, "paused": True}}},
            ["deployment/shop: spec.replicas: expected 1, found 3",
             "deployment/shop: spec.paused: expected true, found nothing"],
        ),
        ({"resource": "deployment/shap"}, ["deployment/shap: expected to exist, found none"]),
        (
            {"resource": {"kind": "Deployment", "name": "shop", "namespace": "web"}},
            ["deployment/shop in web: expected to exist, found none"],
        ),
        (
            {"resource": {"kind": "Deployment", "name": "shop", "namespace": "wob"}},
            ["deployment/shop in wob: expected to exist, found no namespace wob"],
        ),
        (
            {"resource": "deployment/shop", "lacks": [{"spec": {"replicas": 3}}]},
            ['deployment/shop: expected nothing like {"spec": {"replicas": 3}}, found it'],
        ),
        ({"resource": "deploymnt/shop"}, ["the API serves no kind `deploymnt`; did you mean `Deployment`?"]),
        ({"absent": "deployment/shop"}, ["deployment/shop: expected none, found one"]),
        (
            {"absent": {"kind": "Secret", "name": "old", "namespace": "gone"}},
            ["namespace/gone: expected to exist, found none"],
        ),
        (
            {"count": "pods", "labels": "app=shop", "exactly": 2},
            ["pods with the labels app=shop: expected 2, found 3 (shop-1, shop-2, shop-3)"],
        ),
        ({"count": "pods", "labels": "app=shap"}, ["pods with the labels app=shap: expected at least 1, found none"]),
        (
            {"count": "pods", "labels": "app=shap", "like": {"spec": {}}, "every": True},
            ["pods with the labels app=shap: expected at least 1, found none"],
        ),
        (
            {"count": "pods", "labels": "app=shop", "like": {"spec": {"nodeName": "node02"}}, "every": True},
            ['pod/shop-1: spec.nodeName: expected "node02", found "node01"',
             'pod/shop-2: spec.nodeName: expected "node02", found "node01"',
             'pod/shop-3: spec.nodeName: expected "node02", found "node01"',
             "pods with the labels app=shop as asked: expected at least 1, found none among 3"],
        ),
        (
            {"count": "pods", "namespace": "*", "min": 5, "max": 6},
            ["pods in all namespaces: expected 5 to 6, found 4 (shop-1, shop-2, shop-3, alone in web)"],
        ),
        ({"count": "pods", "max": 2}, ["pods: expected at most 2, found 3 (shop-1, shop-2, shop-3)"]),
    ],
)  # fmt: skip
def test_what_is_not_so_is_told(ask: Ask, api_state: ApiState, asked: dict[str, Any], told: list[str]) -> None:
    assert ask(api_state, asked) == told


def test_what_is_being_deleted_is_neither_absent_nor_counted(ask: Ask, api_state: ApiState) -> None:
    api_state.objects[-2]["metadata"]["deletionTimestamp"] = "2026-01-01T10:00:00Z"
    api_state.objects[-2]["metadata"]["finalizers"] = ["rung.dev/keep"]
    assert ask(api_state, {"absent": "pod/shop-3"}) == [
        "pod/shop-3: expected none, found one that is being deleted (kept by rung.dev/keep)"
    ]
    assert ask(api_state, {"count": "pods", "labels": "app=shop", "exactly": 2}) == []


def test_an_object_of_a_kind_that_a_definition_brought(ask: Ask, api_state: ApiState) -> None:
    api_state.extra.append(ApiResource("rung.dev", "v1", "lanterns", "Lantern", True))
    condition = {"type": "Ready", "status": "False", "reason": "NoOil"}
    lamp = thing("Lantern", "harbor", apiVersion="rung.dev/v1", status={"conditions": [condition]})
    api_state.objects.append(lamp)
    assert ask(api_state, {"resource": {"kind": "Lantern", "name": "harbor"}}) == []
    assert ask(api_state, {"resource": "lantern/harbor", "ready": True}) == [
        "lantern/harbor: condition Ready: expected True, found False (NoOil)"
    ]


def test_identity_is_the_uid_and_what_the_author_wrote() -> None:
    api_state = ApiState([namespace("lab"), shop()])
    asked = expectation({"resource": "deployment/shop", "same": ["uid", "spec"]})
    with serving(api_state) as url:
        cluster = connected(url)
        before = asked.facts(check_context(cluster))
        api_state.objects[1]["status"]["availableReplicas"] = 1
        assert asked.facts(check_context(cluster)) == before
        api_state.objects[1] = shop(replicas=4)
        now = asked.facts(check_context(cluster))
        assert now["uid"] == before["uid"] == "uid-shop"
        assert now["spec"] != before["spec"]
        api_state.objects.pop()
        assert asked.facts(check_context(cluster)) == {"uid": "none", "spec": "none"}
        cluster.close()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"resource": {"name": "shop"}}, "a partial manifest needs `kind` and `name`, found name"),
        ({"resource": {"kind": "Pod"}}, "a partial manifest needs `kind` and `name`, found kind"),
        (
            {"absent": {"kind": "Pod", "name": "x", "spec": {}}},
            "only kind, apiVersion, name and namespace can stand here, found spec",
        ),
        (
            {"count": "pods", "labels": "a b"},
            "`a b` is no condition on labels (a=b, a!=b, a in (b,c), a notin (b,c), a, !a)",
        ),
        ({"count": "pods", "every": True}, "`every` needs `like` or `ready`"),
        ({"count": "pods", "exactly": 1, "min": 1}, "`exactly` stands for both `min` and `max`"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_expectation_is_told(data: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        expectation(data)
    assert [str(error["ctx"]["error"]) for error in caught.value.errors()] == [told]


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        (
            {"resource": {"kind": "Deployment", "name": "shop", "spec": {"replicas": 3}}, "ready": True},
            "deployment/shop has spec.replicas 3 and is ready",
            ["shop"],
        ),
        ({"resource": "deployment/shop"}, "deployment/shop exists", ["shop"]),
        (
            {"resource": {"kind": "Pod", "name": "x", "namespace": "web", "spec": {"containers": [
                {"name": "app", "image": "rung/web:1.1"}]}}},
            'pod/x in web has spec.containers[app].image "rung/web:1.1"',
            ["x", "web", "app", "rung/web:1.1"],
        ),
        ({"absent": {"kind": "Pod", "name": "a", "namespace": "web"}}, "pod/a in web does not exist", ["a", "web"]),
        ({"count": "pods", "labels": "app=x", "min": 2}, "There are at least 2 pods with the labels app=x", []),
        (
            {"count": "pods", "labels": "app=x", "every": True, "ready": True},
            "Each of the pods with the labels app=x is ready (at least 1 of them)",
            [],
        ),
    ],
)  # fmt: skip
def test_sentences_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    asked = expectation(data)
    assert asked.sentence() == sentence
    assert list(asked.names()) == names
