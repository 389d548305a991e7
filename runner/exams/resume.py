"""Waits until a question's machines work again after they were paused or stopped."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from rung.checks.cluster import ApiRefused, ClusterGone
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.checks.core.outcome import Broken, Fail
from rung.checks.core.registry import CheckContext
from rung.checks.kubernetes.tools.conditions import condition_is_true
from rung.runner.attempts.attempt import Attempt
from rung.runner.core.polling import poll
from rung.runner.lab.model import Lab

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster

API_SECONDS = 60.0  # for a cluster's API to answer again
_SETTLE_SECONDS = 40.0  # for its nodes to report again
_CYCLE = 6.0  # seconds; in each such time the control plane evaluates its nodes' reports once
_ALIVE = 40.0  # seconds; a node was down before the pause if its lease is older than the newest by more
_START_SECONDS = 20.0  # for what a lab expects at its start
_PAUSE = 0.5  # seconds between two looks


def wait_for_api(attempt: Attempt, lab: Lab) -> None:
    """Wait at most API_SECONDS until a cluster's API answers, if it answered at the lab's start."""
    if lab.cluster is None or not (attempt.journal.last("ready") or {}).get("api", False):
        return
    with attempt.cluster(lab) as cluster:
        if cluster is not None:
            poll(cluster.answers, API_SECONDS, _PAUSE)


def wait_for_nodes(attempt: Attempt, lab: Lab) -> None:
    """Wait at most _SETTLE_SECONDS until the nodes of a cluster that was paused have reported again.

    After a pause the control plane finds each node's last report too old, and counts the node and its pods as lost
    until the node reports again. Nodes that were down before are not waited for.
    """
    wait_for_api(attempt, lab)
    with attempt.cluster(lab) as cluster:
        if cluster is None or not cluster.answers():
            return
        began, before = time.monotonic(), _renewals(cluster)
        newest = max(before.values(), default="")
        alive = [node for node, renewed in before.items() if _is_near(renewed, newest)]
        while time.monotonic() - began < _SETTLE_SECONDS:
            time.sleep(_PAUSE)
            if time.monotonic() - began > _CYCLE and _reported(cluster, alive, before):
                return


def _reported(cluster: Cluster, alive: list[str], before: Mapping[str, str]) -> bool:
    """Whether each node of `alive` has renewed its lease since `before`, and is ready."""
    now = _renewals(cluster)
    if any(now.get(node, "") == before[node] for node in alive):
        return False
    try:
        nodes = {node["metadata"]["name"]: node for node in cluster.list("Node")}
    except (ApiRefused, ClusterGone):
        return False
    return all(node in nodes and condition_is_true(nodes[node], "Ready") for node in alive)


def _renewals(cluster: Cluster) -> dict[str, str]:
    """Node -> time of its kubelet's last lease renewal, as the API writes it."""
    try:
        leases = cluster.list("Lease", "kube-node-lease")
    except (ApiRefused, ClusterGone):
        return {}
    return {lease["metadata"]["name"]: str(lease["spec"].get("renewTime") or "") for lease in leases}


def _is_near(one: str, other: str) -> bool:
    """Whether two times of leases are less than _ALIVE apart; False where one is missing."""
    if not one or not other:
        return False
    return abs((datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds()) < _ALIVE


def start_state_returns(attempt: Attempt, lab: Lab) -> bool:
    """Wait until everything that the lab expects at its start holds again; False where it does not in time."""
    hosts = attempt.hosts()
    with attempt.cluster(lab) as cluster:
        until = time.monotonic() + max([_START_SECONDS, *(e.within or 0.0 for e in lab.start)])
        for expectation in lab.start:
            place = CheckContext(hosts[expectation.on or lab.first], hosts, lab.values, cluster)
            while True:
                try:
                    if not list(expectation.reasons(place)):
                        break
                except (Fail, Broken, CommandTimeout, MachineGone, ClusterGone, ApiRefused):
                    pass  # it may hold later
                if time.monotonic() > until:
                    return False
                time.sleep(_PAUSE)
    return True
