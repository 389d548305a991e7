"""Whether policies are enforced is found by trying."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from api_server import ApiState, connected, expectation, serving
from real_cluster import RealCluster
from rung.checks.cluster import ApiRefused, Cluster
from rung.runner.attempts import policy_probe
from rung.runner.lab.model import Lab


def test_a_cluster_in_which_nothing_runs_counts_as_one_that_enforces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise ApiRefused(403, "no quota", "POST /api/v1/namespaces")

    monkeypatch.setattr(Cluster, "create", refuses)
    with serving(ApiState()) as url, connected(url) as cluster:
        assert not policy_probe.enforces(cluster, "0badcafe")


def test_only_labs_whose_policies_may_be_tried_ask() -> None:
    def lab(*capabilities: str, **more: object) -> Lab:
        flow = {"from": {"labels": "a=b"}, "to": {"labels": "c=d"}, "ports": 80}
        tasks = [SimpleNamespace(expect=[expectation({"policy": [flow], **more}), expectation({"absent": "pod/x"})])]
        return cast(Lab, SimpleNamespace(tasks=tasks, capabilities=capabilities))

    assert policy_probe.asks(lab())
    assert not policy_probe.asks(lab(live=False))
    assert policy_probe.asks(lab("network-policy", live=False))


@pytest.mark.machines
def test_a_connection_that_ends_with_the_policy_shows_that_it_is_enforced(real: RealCluster) -> None:
    assert policy_probe.enforces(real.cluster, "0badcafe")
    gone(real)


@pytest.mark.machines
def test_a_connection_that_goes_on_shows_that_it_is_not(real: RealCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_probe, "_SECONDS", 3.0)
    monkeypatch.setattr(policy_probe, "_NOTHING_IN", {"podSelector": {}, "ingress": [{}]})
    assert not policy_probe.enforces(real.cluster, "0badcafe")
    gone(real)


def gone(real: RealCluster) -> None:
    """Nothing of the canary is left, or it is being deleted."""
    left = real.cluster.list("Namespace", labels="rung.attempt=0badcafe")
    assert all("deletionTimestamp" in namespace["metadata"] for namespace in left)
