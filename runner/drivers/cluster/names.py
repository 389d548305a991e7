"""Names of a cluster and its parts: on the engine, in kind, and in a lab."""

from __future__ import annotations

import re

from rung.runner.drivers.base.labels import cluster_name, object_name

_OURS = re.compile(r"rung-([0-9a-f]{8})")
_WORKER = re.compile(r"-worker(\d*)$")


def cluster_id(name: str) -> str | None:
    """The id of the cluster that kind knows by this name; None for one that is not Rung's."""
    found = _OURS.fullmatch(name)
    return found[1] if found else None


def network_name(cluster: str) -> str:
    """The name of a cluster's network on the engine."""
    return object_name(cluster, "cluster")


def container_name(cluster: str, node: str) -> str:
    """The name of a node's container: kind counts `worker`, `worker2`, and so on."""
    if node == "controlplane":
        return f"{cluster_name(cluster)}-control-plane"
    number = int(node.removeprefix("node"))
    return f"{cluster_name(cluster)}-worker{number if number > 1 else ''}"


def node_name(container: str) -> str:
    """The node whose container has this name."""
    worker = _WORKER.search(container)
    return f"node{int(worker[1] or 1):02}" if worker else "controlplane"
