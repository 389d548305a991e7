"""Kind `can_i`: what the authorizer says, in both directions."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from api_server import ApiState, expectation, namespace, thing
from cluster_fixtures import Ask


def allowed(spec: dict[str, Any]) -> bool:
    """mira may get and list pods in lab; the account oncall may read their logs."""
    wanted = spec.get("resourceAttributes", {})
    if wanted.get("namespace") != "lab" or wanted.get("resource") != "pods":
        return False
    if spec["user"] == "mira":
        return wanted["verb"] in ("get", "list") and "subresource" not in wanted
    return spec["user"] == "system:serviceaccount:lab:oncall" and wanted.get("subresource") == "log"


@pytest.fixture
def api_state() -> ApiState:
    return ApiState([namespace("lab"), thing("ServiceAccount", "oncall")], allowed=allowed)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"can_i": ["get", "list"], "resource": "pods", "user": "mira"}, []),
        ({"can_i": ["delete"], "resource": ["pods", "secrets"], "user": "mira", "allowed": False}, []),
        ({"can_i": "get", "resource": "pods/log", "serviceaccount": "oncall"}, []),
        ({"can_i": "get", "resource": "pods", "user": "mira", "namespace": "*", "allowed": False}, []),
        (
            {"can_i": ["get", "watch"], "resource": ["pods", "pods/log"], "user": "mira", "groups": ["ops"]},
            [
                "user mira of group ops: get pods/log: expected allowed, found denied",
                "user mira of group ops: watch pods: expected allowed, found denied",
                "user mira of group ops: watch pods/log: expected allowed, found denied",
            ],
        ),
        (
            {"can_i": "list", "resource": "pods", "user": "mira", "namespace": "lab", "allowed": False},
            ["user mira: list pods in lab: expected denied, found allowed"],
        ),
        (
            {"can_i": "get", "resource": "secrets", "serviceaccount": "nosuch", "allowed": False},
            ["serviceaccount/nosuch: expected to exist, found none"],
        ),
        (
            {"can_i": "get", "resource": "pods", "serviceaccount": "web:oncall"},
            [
                "serviceaccount/oncall in web: expected to exist, found none",
                "serviceaccount/oncall in web: get pods: expected allowed, found denied",
            ],
        ),
        (
            {"can_i": "get", "resource": "pods", "groups": ["a", "b"], "name": "x"},
            ["groups a, b: get pods x: expected allowed, found denied"],
        ),
        (
            {"can_i": "get", "resource": "secrts", "user": "mira", "allowed": False},
            ["the API serves no kind `secrts`; did you mean `Secret`?"],
        ),
    ],
)
def test_what_somebody_may_do(ask: Ask, api_state: ApiState, asked: dict[str, Any], told: list[str]) -> None:
    assert ask(api_state, asked) == told


@pytest.mark.parametrize("who", [{}, {"user": "mira", "serviceaccount": "oncall"}])
def test_somebody_must_ask(who: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        expectation({"can_i": "get", "resource": "pods", **who})
    assert [str(e["ctx"]["error"]) for e in caught.value.errors()] == ["give `user` or `groups`, or `serviceaccount`"]


def rule(verbs: list[str], resources: list[str], groups: tuple[str, ...] = ("",), **more: Any) -> dict[str, Any]:
    return {"verbs": verbs, "apiGroups": list(groups), "resources": resources, **more}


EVERYBODY = rule(["create"], ["selfsubjectaccessreviews"], ("authorization.k8s.io",))


@pytest.mark.parametrize(
    ("rules", "others"),
    [
        ([rule(["get", "list"], ["pods"])], ""),
        ([rule(["get"], ["pods"]), rule(["list"], ["pods"], resourceNames=["one"])], ""),
        ([rule(["get", "list", "delete"], ["pods"])], "delete pods"),
        ([rule(["*"], ["pods"])], "* pods"),
        ([rule(["get"], ["*"], ("*",))], "get *.*"),
        (
            [
                rule(["get"], ["deployments", "deployments/scale"], ("apps",)),
                rule(["get"], ["secrets"], resourceNames=["x"]),
            ],
            "get deployments.apps, get deployments.apps/scale, get secrets x",
        ),
        ([rule(["a", "b", "c", "d", "e", "f", "g"], ["pods"])], "a pods, b pods, c pods, d pods, e pods and 2 more"),
    ],
)
def test_nothing_else_is_allowed(ask: Ask, api_state: ApiState, rules: list[Any], others: str) -> None:
    api_state.rules = {"mira/ops": [EVERYBODY, *rules], "rung:nobody": [EVERYBODY]}
    asked = {"can_i": ["get", "list"], "resource": "pods", "user": "mira", "groups": ["ops"], "only": True}
    told = f"user mira of group ops: all that is allowed: expected nothing else, found {others}"
    assert ask(api_state, asked) == ([told] if others else [])


def test_what_every_service_account_may_do_is_nothing_else(ask: Ask, api_state: ApiState) -> None:
    bundles = rule(["get"], ["clustertrustbundles"], ("certificates.k8s.io",))
    api_state.rules = {
        "system:serviceaccount:lab:oncall": [bundles, rule(["get"], ["pods/log"])],
        "system:serviceaccount:rung-nowhere:nobody": [bundles],
    }
    asked = {"can_i": "get", "resource": "pods/log", "serviceaccount": "oncall", "only": True}
    assert ask(api_state, asked) == []


@pytest.mark.parametrize("more", [{"allowed": False}, {"namespace": "*"}, {"groups": ["a", "b"]}])
def test_only_is_for_what_is_allowed_in_one_namespace(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        expectation({"can_i": "get", "resource": "pods", "user": "mira", "only": True, **more})
    assert [str(e["ctx"]["error"]) for e in caught.value.errors()] == [
        "`only` is for what is allowed in one namespace, to a member of one group at most"
    ]


def test_sentences_and_names() -> None:
    asked = expectation({"can_i": ["get", "list"], "resource": "pods", "serviceaccount": "ci:bot", "namespace": "web"})
    assert asked.sentence() == "serviceaccount/bot in ci may get, list pods in web"
    assert list(asked.names()) == ["ci", "bot", "web"]
    asked = expectation({"can_i": "delete", "resource": "pods", "user": "mira", "namespace": "*", "allowed": False})
    assert asked.sentence() == "user mira may not delete pods in all namespaces"
