"""Waits until a cluster is ready."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.kubernetes.tools.conditions import condition_is_true
from rung.runner.core.errors import EnvironmentBroken

SECONDS = 180.0
_PAUSE = 0.25  # seconds; each look takes processor time that the cluster needs to get ready
_FIX = "`rung stop --all`, then start the lab again; `rung doctor` tells whether memory or disk is short."
_SYSTEM = ("kube-system", "local-path-storage")


@contextmanager
def api_errors(doing: str) -> Iterator[None]:
    """Raise EnvironmentBroken where the API fails before a learner could have caused it."""
    try:
        yield
    except (ApiRefused, ClusterGone) as error:
        raise EnvironmentBroken(f"The cluster's API failed while {doing}: {error}", fix=_FIX) from error


def wait_until_settled(api: Cluster, nodes: Sequence[str]) -> None:
    """Wait until every node and every system pod is ready. Raises EnvironmentBroken with what is not."""
    until = time.monotonic() + SECONDS
    lacking = ["the API server does not answer"]
    while time.monotonic() < until:
        try:
            lacking = list(_lacking(api, nodes))
        except (ClusterGone, ApiRefused) as error:
            lacking = [str(error)]
        if not lacking:
            return
        time.sleep(_PAUSE)
    raise EnvironmentBroken(
        f"The cluster is not ready after {SECONDS:g} s: {'; '.join(lacking)}",
        fix=_FIX,
    )


def _lacking(api: Cluster, nodes: Sequence[str]) -> Iterator[str]:
    """What a cluster lacks to be ready: first of its nodes; of its pods once the nodes are ready."""
    yield from (lacking := list(_lacking_nodes(api, nodes)))
    if not lacking:
        yield from _lacking_pods(api)


def _lacking_nodes(api: Cluster, nodes: Sequence[str]) -> Iterator[str]:
    found = {node["metadata"]["name"]: node for node in api.list("Node")}
    yield from (f"node {name} has not joined" for name in nodes if name not in found)
    yield from (f"node {name} is not ready" for name, node in found.items() if not condition_is_true(node, "Ready"))
    leases = {lease["metadata"]["name"] for lease in api.list("Lease", "kube-node-lease")}
    yield from (f"node {name} holds no lease" for name in found if name not in leases)


def _lacking_pods(api: Cluster) -> Iterator[str]:
    for namespace in _SYSTEM:
        pods = api.list("Pod", namespace)
        if not pods:
            yield f"{namespace} has no pods"
        yield from (
            f"pod {pod['metadata']['name']} is not ready" for pod in pods if not condition_is_true(pod, "Ready")
        )
    if api.get("ServiceAccount", "default", "default") is None:
        yield "namespace default has no service account"
