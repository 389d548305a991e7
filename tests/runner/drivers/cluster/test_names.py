"""A cluster's parts by their three names: on the engine, by kind, and in a lab."""

from __future__ import annotations

import pytest
import yaml

from rung.runner.drivers.cluster import names
from rung.runner.drivers.kind.kind_cli import cluster_config

CLUSTER = "0a1b2c3d"


@pytest.mark.parametrize(
    ("node", "container"),
    [
        ("controlplane", "rung-0a1b2c3d-control-plane"),
        ("node01", "rung-0a1b2c3d-worker"),
        ("node02", "rung-0a1b2c3d-worker2"),
        ("node04", "rung-0a1b2c3d-worker4"),
    ],
)
def test_a_node_is_told_by_its_container_and_the_container_by_its_node(node: str, container: str) -> None:
    assert names.container_name(CLUSTER, node) == container
    assert names.node_name(container) == node


def test_clusters_of_others_are_not_ours() -> None:
    assert names.cluster_id("rung-0a1b2c3d") == CLUSTER
    assert [names.cluster_id(name) for name in ("kind", "rung-mine", "rung-0a1b2c3d-2", "xrung-0a1b2c3d")] == [None] * 4


def test_workers_are_added_to_the_file_at_the_top_and_named_as_in_the_exam() -> None:
    config = yaml.safe_load(cluster_config(["controlplane", "node01", "node02"]))
    assert [node["role"] for node in config["nodes"]] == ["control-plane", "worker", "worker"]
    patches = [yaml.safe_load(node["kubeadmConfigPatches"][0]) for node in config["nodes"]]
    assert [(p["kind"], p["nodeRegistration"]["name"]) for p in patches] == [
        ("InitConfiguration", "controlplane"),
        ("JoinConfiguration", "node01"),
        ("JoinConfiguration", "node02"),
    ]
