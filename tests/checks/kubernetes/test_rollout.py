"""Kind `rollout`: complete, its revisions, its images."""

from __future__ import annotations

from typing import Any

import pytest

from api_server import ApiState, expectation, namespace, pod, thing
from cluster_fixtures import Ask


def owned(thing_: dict[str, Any], owner: str) -> dict[str, Any]:
    thing_["metadata"]["ownerReferences"] = [{"uid": owner, "controller": True}]
    return thing_


def replica_set(revision: int) -> dict[str, Any]:
    notes = {"deployment.kubernetes.io/revision": str(revision)}
    return owned(thing("ReplicaSet", f"shop-{revision}", metadata={"annotations": notes}), "uid-shop")


def workload(kind: str, name: str, **status: Any) -> dict[str, Any]:
    done = {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": name}}}
    return thing(kind, name, spec=spec, status={**done, **status})


@pytest.fixture
def api_state() -> ApiState:
    return ApiState([
        namespace("lab"), workload("Deployment", "shop"), *map(replica_set, (1, 2, 4)),
        owned(pod("shop-4-x"), "uid-shop-4"), workload("StatefulSet", "db"), owned(pod("db-0"), "uid-db"),
        owned(thing("ControllerRevision", "db-1", revision=1), "uid-db"),
        workload("Deployment", "late", updatedReplicas=0), owned(thing("ReplicaSet", "foreign"), "uid-other"),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"rollout": "deployment/shop"}, []),
        ({"rollout": "deploy/shop", "revision": 4, "history": 3, "image": "rung/web:1.0", "paused": False}, []),
        ({"rollout": "statefulset/db", "revision": 1, "image": "rung/web:1.0"}, []),
        ({"rollout": "deployment/late", "complete": False}, []),
        ({"rollout": "deployment/late", "complete": None}, []),
        ({"rollout": "deployment/late"}, ["expected 1 pods of the newest revision, found 0",
                                          "expected only pods of the newest revision, found 1 older"]),
        ({"rollout": "deployment/shop", "complete": False}, ["rollout: expected not complete, found complete"]),
        ({"rollout": "deployment/shop", "paused": True}, ["spec.paused: expected true, found false"]),
        ({"rollout": "deployment/shop", "revision": 3}, ["revision: expected 3, found 4"]),
        ({"rollout": "deployment/shop", "history": 4}, ["history: expected at least 4 revisions, found 3 (1, 2, 4)"]),
        (
            {"rollout": "deployment/shop", "image": "rung/web:1.1"},
            ["pod/shop-4-x: image: expected rung/web:1.1, found rung/web:1.0"],
        ),
        (
            {"rollout": "deployment/late", "complete": None, "image": "rung/web:1.1", "history": 1, "revision": 1},
            ["revision: expected 1, found none", "history: expected at least 1 revisions, found none",
             "image: expected rung/web:1.1, found no pod"],
        ),
        ({"rollout": "deployment/gone"}, ["expected to exist, found none"]),
    ],
)  # fmt: skip
def test_how_far_it_is_and_what_it_keeps(ask: Ask, api_state: ApiState, asked: dict[str, Any], told: list[str]) -> None:
    subject = asked["rollout"].replace("deploy/", "deployment/")
    assert ask(api_state, asked) == [f"{subject}: {reason}" for reason in told]


def test_sentences_and_names() -> None:
    asked = expectation({"rollout": "deployment/shop", "image": "rung/web:1.1", "history": 2, "namespace": "web"})
    assert asked.sentence() == "deployment/shop in web is rolled out, runs rung/web:1.1, keeps 2 revisions"
    assert list(asked.names()) == ["shop", "web", "rung/web:1.1"]
