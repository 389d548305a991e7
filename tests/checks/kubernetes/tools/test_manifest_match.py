"""Partial manifests against objects as the API gives them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.kubernetes.tools.manifest_match import manifest_differences
from rung.checks.kubernetes.tools.quantities import quantity

WEB = {
    "name": "web",
    "image": "rung/web:1.0",
    "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
    "env": [{"name": "MODE", "value": "1"}, {"name": "DEBUG", "value": "true"}],
    "resources": {"requests": {"cpu": "500m", "memory": "64Mi"}, "limits": {"memory": "0.25Gi"}},
    "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}},
}
SIDECAR = {"name": "shipper", "image": "rung/box:1.0", "restartPolicy": "Always"}
PODS = {"containers": [WEB], "initContainers": [{"name": "prepare", "image": "rung/box:1.0"}, SIDECAR]}
SHOP = {
    "kind": "Deployment",
    "metadata": {"name": "shop", "labels": {"limits": "1"}},
    "spec": {"replicas": 3, "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1}},
             "template": {"spec": PODS}},
}  # fmt: skip
QUOTA = {"kind": "ResourceQuota", "spec": {"hard": {"requests.cpu": "2", "pods": "10", "limits.memory": "1Gi"}}}
SECRET = {"kind": "Secret", "data": {"password": "czNjcjN0"}}
SCALER = {"spec": {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"averageValue": "0.5"}}}]}}


def of_pods(**parts: Any) -> dict[str, Any]:
    return {"spec": {"template": {"spec": parts}}}


def of_web(**parts: Any) -> dict[str, Any]:
    return of_pods(containers=[{"name": "web", **parts}])


@pytest.mark.parametrize(
    ("partial", "actual"),
    [
        (of_web(resources={"requests": {"cpu": 0.5, "memory": "65536Ki"}}), SHOP),
        (of_web(resources={"limits": {"memory": "256Mi"}}), SHOP),
        (of_web(readinessProbe={"httpGet": {"port": 8080}}), SHOP),
        (of_web(readinessProbe={"httpGet": {"port": "http"}}), SHOP),
        (of_web(env=[{"name": "MODE", "value": 1}, {"name": "DEBUG", "value": True}]), SHOP),
        (of_web(ports=[{"containerPort": "8080"}]), SHOP),
        (of_pods(containers=[{"name": "shipper"}]), SHOP),
        (of_pods(containers=[{"image": "rung/box:1.0"}, {"image": "rung/web:1.0"}]), SHOP),
        ({"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": "1"}}}}, SHOP),
        ({"spec": {"paused": None, "template": {"spec": {"nodeName": None}}}}, SHOP),
        ({"spec": {"hard": {"requests.cpu": "2000m", "limits.memory": "1024Mi", "pods": 10}}}, QUOTA),
        ({"stringData": {"password": "s3cr3t"}}, SECRET),
        ({"spec": {"metrics": [{"resource": {"target": {"averageValue": "500m"}}}]}}, SCALER),
    ],
)  # fmt: skip
def test_what_means_the_same_is_contained(partial: Any, actual: Any) -> None:
    assert manifest_differences(partial, actual) == []


@pytest.mark.parametrize(
    ("partial", "actual", "told"),
    [
        ({"spec": {"replicas": 1}}, SHOP, ["spec.replicas: expected 1, found 3"]),
        (
            of_web(image="rung/web:1.1"),
            SHOP,
            ['spec.template.spec.containers[web].image: expected "rung/web:1.1", found "rung/web:1.0"'],
        ),
        (
            of_web(env=[{"name": "MODE", "value": "2"}]),
            SHOP,
            ['spec.template.spec.containers[web].env[MODE].value: expected "2", found "1"'],
        ),
        (
            of_web(resources={"requests": {"cpu": "1"}}),
            SHOP,
            ['spec.template.spec.containers[web].resources.requests.cpu: expected "1", found "500m"'],
        ),
        (
            of_web(readinessProbe={"httpGet": {"port": 8081}}),
            SHOP,
            ['spec.template.spec.containers[web].readinessProbe.httpGet.port: expected 8081, found "http"'],
        ),
        ({"metadata": {"labels": {"limits": "1.0"}}}, SHOP, ['metadata.labels.limits: expected "1.0", found "1"']),
        ({"spec": {"replicas": None}}, SHOP, ["spec.replicas: expected null, found 3"]),
        ({"spec": {"paused": False}}, SHOP, ["spec.paused: expected false, found nothing"]),
        (
            {"spec": {"metrics": [{"resource": {"target": {"averageValue": "0.6"}}}]}},
            SCALER,
            ['spec.metrics[Resource].resource.target.averageValue: expected "0.6", found "0.5"'],
        ),
        ({"stringData": {"password": "other"}}, SECRET, ['stringData.password: expected "other", found "s3cr3t"']),
        ({"spec": {"hard": {"requests.cpu": 3}}}, QUOTA, ['spec.hard["requests.cpu"]: expected 3, found "2"']),
    ],
)
def test_every_difference_is_told_by_name(partial: Any, actual: Any, told: list[str]) -> None:
    assert [str(d) for d in manifest_differences(partial, actual)] == told


def test_an_ordinary_init_container_is_no_sidecar() -> None:
    (difference,) = manifest_differences(of_pods(containers=[{"name": "prepare"}]), SHOP)
    assert difference.path == "spec.template.spec.containers"
    assert difference.expected == 'an entry {"name": "prepare"}'


AMOUNTS = st.sampled_from(["1", "1000m", "0.5", "500m", "1Gi", "1024Mi", "1073741824", "2", "64Mi"])


@given(AMOUNTS, AMOUNTS)
def test_amounts_agree_where_their_values_do(one: str, other: str) -> None:
    agree = manifest_differences({"limits": {"cpu": one}}, {"limits": {"cpu": other}}) == []
    assert agree == (quantity(one) == quantity(other))


@given(AMOUNTS, AMOUNTS)
def test_other_texts_agree_only_where_they_are_the_same(one: str, other: str) -> None:
    assert (manifest_differences({"data": {"version": one}}, {"data": {"version": other}}) == []) == (one == other)


@given(st.permutations(["web", "shipper", "prepare"]), st.sets(st.sampled_from(["name", "image"]), min_size=1))
def test_a_part_of_an_object_is_contained_whatever_the_order(order: list[str], kept: set[str]) -> None:
    actual = copy.deepcopy(SHOP)
    parts = {c["name"]: {key: c[key] for key in kept} for c in (WEB, SIDECAR)}
    assert manifest_differences(of_pods(containers=[parts[name] for name in order if name in parts]), actual) == []
    assert actual == SHOP
