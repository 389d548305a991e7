"""Where a pod may be placed, by what its specification says."""

from __future__ import annotations

from typing import Any

import pytest

from rung.checks.kubernetes.tools.scheduling import affinity_accepts, untolerated_taints

LABELS = {"shelf": "gpu", "cards": "4", "kubernetes.io/hostname": "node02"}
SHELF = {"key": "shelf", "value": "gpu", "effect": "NoSchedule"}
CONTROL_PLANE = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}


def required(*terms: dict[str, Any]) -> dict[str, Any]:
    return {
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}
    }


def asks(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": operator, "values": list(values)}


@pytest.mark.parametrize(
    ("spec", "accepted"),
    [
        ({}, True),
        ({"nodeSelector": {"shelf": "gpu"}}, True),
        ({"nodeSelector": {"shelf": "gpu", "rack": "1"}}, False),
        (required({"matchExpressions": [asks("shelf", "In", "gpu", "fpga")]}), True),
        (required({"matchExpressions": [asks("shelf", "NotIn", "gpu")]}), False),
        (required({"matchExpressions": [asks("rack", "NotIn", "1")]}), True),
        (required({"matchExpressions": [asks("shelf", "Exists"), asks("rack", "Exists")]}), False),
        (required({"matchExpressions": [asks("shelf", "Exists")]}, {"matchExpressions": [asks("x", "Exists")]}), True),
        (required({"matchExpressions": [asks("rack", "DoesNotExist")]}), True),
        (required({"matchExpressions": [asks("cards", "Gt", "3")]}), True),
        (required({"matchExpressions": [asks("cards", "Lt", "4")]}), False),
        (required({"matchExpressions": [asks("shelf", "Gt", "3")]}), False),
        (required({"matchFields": [asks("metadata.name", "In", "node02")]}), True),
        (required({"matchFields": [asks("metadata.name", "In", "node01")]}), False),
        (required({}), False),  # a term that asks for nothing accepts nothing
        ({"nodeSelector": {"shelf": "gpu"}, **required({"matchExpressions": [asks("rack", "Exists")]})}, False),
        # a wish keeps no pod away
        ({"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1}]}}}, True),
    ],
)
def test_selector_and_required_affinity_accept_a_node_or_not(spec: dict[str, Any], accepted: bool) -> None:
    assert affinity_accepts(spec, "node02", LABELS) is accepted


@pytest.mark.parametrize(
    ("tolerations", "away"),
    [
        ([], ["shelf=gpu:NoSchedule", "node-role.kubernetes.io/control-plane:NoSchedule"]),
        ([{"operator": "Exists"}], []),
        (
            [{"operator": "Exists", "effect": "NoExecute"}],
            ["shelf=gpu:NoSchedule", "node-role.kubernetes.io/control-plane:NoSchedule"],
        ),
        ([{"key": "shelf", "operator": "Exists"}], ["node-role.kubernetes.io/control-plane:NoSchedule"]),
        (
            [{"key": "shelf", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"}],
            ["node-role.kubernetes.io/control-plane:NoSchedule"],
        ),
        ([{"key": CONTROL_PLANE["key"]}], ["shelf=gpu:NoSchedule"]),  # Equal to no value, as the taint has none
        (
            [{"key": "shelf", "value": "cpu"}, {"key": "shelf"}],
            ["shelf=gpu:NoSchedule", "node-role.kubernetes.io/control-plane:NoSchedule"],
        ),
    ],
)
def test_a_taint_keeps_away_who_does_not_tolerate_it(tolerations: list[dict[str, Any]], away: list[str]) -> None:
    assert untolerated_taints({"tolerations": tolerations}, [SHELF, CONTROL_PLANE]) == away


def test_a_taint_that_only_asks_to_keep_off_keeps_nobody_away() -> None:
    assert untolerated_taints({}, [{"key": "shelf", "value": "gpu", "effect": "PreferNoSchedule"}]) == []
