"""Kinds `manifest` and `kustomize`."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from api_server import ApiState, expectation, namespace, thing
from cluster_fixtures import Ask
from rung.checks.core.channel import Result
from rung.checks.core.machine import Machine

SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: lab}
spec: {replicas: 2}
---
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: staging-settings-k2m, namespace: lab}, data: {MODE: staging}}
"""
FILES = {"/opt/shop.yaml": SHOP, "/opt/empty.yaml": "---\n", "/opt/list.yaml": "- 1\n", "/opt/bad.yaml": "a: [1\n"}


class Base:
    """The machine `base` as its channel: it has files, and renders them."""

    def run(self, command: str, **_: Any) -> Result:
        path = command.split()[-1]
        if "kustomize build" in command:
            text = FILES.get(f"{command.split('kustomize build ')[1].split(';')[0]}.yaml")
            return Result(0, text.encode(), b"") if text else Result(1, b"", b"Error: no kustomization found\n")
        return Result(0, FILES[path].encode(), b"") if path in FILES else Result(1, b"", b"No such file\n")

    def close(self) -> None:
        """Nothing is open."""


BASE = Machine("base", Base())


def refusal(thing_: dict[str, Any]) -> str | None:
    return "spec.size: Invalid value: 9" if thing_.get("spec", {}).get("size") == 9 else None


@pytest.fixture
def api_state() -> ApiState:
    return ApiState([namespace("lab"), thing("Deployment", "shop", spec={"replicas": 1})], admits=refusal)


LAMP = "manifest: configmap/lamp"


def shop(replicas: int) -> dict[str, Any]:
    return {"kind": "Deployment", "name": "shop", "spec": {"replicas": replicas}}


def lamp(size: int) -> dict[str, Any]:
    return {"kind": "ConfigMap", "metadata": {"name": "lamp"}, "spec": {"size": size}}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"manifest": "/opt/shop.yaml"}, []),
        (
            {"manifest": "/opt/shop.yaml", "contains": [shop(2)]},
            [],
        ),
        ({"manifest": lamp(3)}, []),
        ({"manifest": lamp(9), "accepted": False, "message": "Invalid value"}, []),
        (
            {"manifest": "/opt/shop.yaml", "contains": [shop(3)]},
            ["/opt/shop.yaml: deployment/shop: spec.replicas: expected 3, found 2"],
        ),
        (
            {"manifest": "/opt/shop.yaml", "contains": ["service/shop"]},
            ["/opt/shop.yaml: expected service/shop, found deployment/shop, configmap/staging-settings-k2m"],
        ),
        ({"manifest": "/opt/gone.yaml"}, ["/opt/gone.yaml: expected a file, found none"]),
        ({"manifest": "/opt/empty.yaml"}, ["/opt/empty.yaml: expected objects with a `kind`, found none"]),
        ({"manifest": "/opt/list.yaml"}, ["/opt/list.yaml: expected objects with a `kind`, found something else"]),
        (
            {"manifest": lamp(3), "accepted": False},
            ["manifest: configmap/lamp: expected to be refused, found accepted"],
        ),
        (
            {"manifest": lamp(9)},
            [f"{LAMP}: expected to be accepted by the API, found a refusal: spec.size: Invalid value: 9"],
        ),
        (
            {"manifest": lamp(9), "accepted": False, "message": "at most 5"},
            ["manifest: configmap/lamp: refusal: expected a match of `at most 5`, found spec.size: Invalid value: 9"],
        ),
        (
            {"manifest": {"kind": "Zebra", "metadata": {"name": "z"}}},
            ["manifest: zebra/z: expected to be accepted by the API, found a refusal: the API serves no kind `Zebra`"],
        ),
        ({"kustomize": "/opt/shop", "contains": [{"kind": "ConfigMap", "name": "staging-settings-*",
                                                  "data": {"MODE": "staging"}}]}, []),
        ({"kustomize": "/opt/shop", "only": True, "contains": ["deployment/shop", "configmap/*"]}, []),
        (
            {"kustomize": "/opt/shop", "only": True, "contains": ["deployment/shop"]},
            ["/opt/shop: rendered: expected nothing else, found configmap/staging-settings-k2m"],
        ),
        (
            {"kustomize": "/opt/shop", "live": True},
            ["deployment/shop in lab: in the cluster: spec.replicas: expected 2, found 1",
             "configmap/staging-settings-k2m in lab: in the cluster: expected to exist, found none"],
        ),
        (
            {"kustomize": "/opt/none"},
            ["/opt/none: expected an answer from `kustomize build`, found Error: no kustomization found"],
        ),
    ],
)  # fmt: skip
def test_manifests_and_what_is_rendered(ask: Ask, api_state: ApiState, asked: dict[str, Any], told: list[str]) -> None:
    assert ask(api_state, asked, base=BASE) == told
    assert len(api_state.objects) == 2


def test_a_text_that_is_no_yaml_is_told(ask: Ask, api_state: ApiState) -> None:
    (told,) = ask(api_state, {"manifest": "/opt/bad.yaml"}, base=BASE)
    assert told.startswith("/opt/bad.yaml: expected YAML, found text that is none (")


def test_an_object_that_exists_is_applied_to_in_a_dry_run(ask: Ask, api_state: ApiState) -> None:
    ask(api_state, {"manifest": "/opt/shop.yaml"}, base=BASE)
    assert [a for a in api_state.asked if not a.startswith("GET")] == [
        "POST /apis/apps/v1/namespaces/lab/deployments?dryRun=All",
        "PATCH /apis/apps/v1/namespaces/lab/deployments/shop?dryRun=All&fieldManager=rung-check&force=true",
        "POST /api/v1/namespaces/lab/configmaps?dryRun=All",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"manifest": "shop.yaml"}, "expected a path from `/`, or a manifest, found 'shop.yaml'"),
        ({"manifest": {"metadata": {}}}, "a manifest needs a `kind`"),
        ({"manifest": "/x", "message": "no"}, "`message` needs `accepted: false`"),
    ],
)
def test_a_mistake_in_an_expectation_is_told(data: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        expectation(data)
    assert [str(error["ctx"]["error"]) for error in caught.value.errors()] == [told]
