"""Waiting makes sense only while something in the cluster is on its way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from rung.checks.cluster import Cluster, ClusterGone
from rung.runner.grading.quiescence import is_changing

RUNNING = {"ready": True, "state": {"running": {"startedAt": "2026-11-24T10:00:00Z"}}}


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(0, seconds)).isoformat()


def begun(seconds: float) -> dict[str, Any]:
    """A container that began so many seconds ago and is not ready."""
    return {
        "ready": False,
        "state": {"running": {"startedAt": ago(seconds)}},
    }


def changed(seconds: float) -> dict[str, Any]:
    """What metadata tell of something that was changed so many seconds ago."""
    return {"managedFields": [{"time": ago(seconds)}]}


class Listed:
    """A cluster of which only the lists are asked."""

    def __init__(self, **kinds: list[dict[str, Any]]) -> None:
        self.kinds = kinds

    def list(self, kind: str, _namespace: str) -> list[dict[str, Any]]:
        return self.kinds.get(kind, [])


def is_moving(**kinds: list[dict[str, Any]]) -> bool:
    return is_changing(cast(Cluster, Listed(**kinds)))


def pod(*statuses: dict[str, Any], phase: str = "Running", **metadata: Any) -> dict[str, Any]:
    conditions = [{"type": "PodScheduled", "status": "True"}]
    status = {"phase": phase, "conditions": conditions, "containerStatuses": list(statuses)}
    return {"metadata": {"name": "p", **metadata}, "status": status}


def test_pods_that_run_and_are_ready_stay_as_they_are() -> None:
    assert not is_moving(Pod=[pod(RUNNING)])


def test_a_pod_that_ends_moves() -> None:
    assert is_moving(Pod=[pod(RUNNING, deletionTimestamp=ago(0))])


@pytest.mark.parametrize(("seconds", "moves"), [(2, True), (10, False)])
def test_what_nodes_make_rules_of_moves_until_they_had_time_for_it(seconds: float, moves: bool) -> None:
    long_ago = "2026-11-01T10:00:00Z"
    service = {"metadata": {"name": "web", "managedFields": [{"time": long_ago}, {"time": ago(seconds)}, {}]}}
    assert is_moving(Service=[service]) is moves


def test_a_pod_on_its_way_moves() -> None:
    new = {"metadata": {"name": "new", **changed(1)}, "status": {"phase": "Pending"}}
    created = pod({"ready": False, "state": {"waiting": {"reason": "ContainerCreating"}}}, phase="Pending")
    assert is_moving(Pod=[new])
    assert is_moving(Pod=[created])


@pytest.mark.parametrize(
    "found",
    [
        pod(phase="Pending"),
        pod({"ready": False, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}),
        pod({"ready": False, "state": {"waiting": {"reason": "ImagePullBackOff"}}}, phase="Pending"),
        pod({"ready": False, "state": {"terminated": {"exitCode": 0}}}, phase="Succeeded"),
    ],
    ids=["unschedulable", "crashes", "no image", "done"],
)
def test_a_pod_that_is_stuck_does_not(found: dict[str, Any]) -> None:
    assert not is_moving(Pod=[found])


def test_a_container_may_become_ready_for_some_time() -> None:
    assert is_moving(Pod=[pod(begun(1))])
    assert not is_moving(Pod=[pod(begun(60))])


def test_a_container_that_begins_again_and_again_does_not_move() -> None:
    assert is_moving(Pod=[pod(begun(1) | {"restartCount": 2})])
    assert not is_moving(Pod=[pod(begun(1) | {"restartCount": 3})])


def test_a_pod_that_does_not_get_on_is_no_longer_on_its_way() -> None:
    long_ago = "2026-11-24T10:00:00Z"
    creating = pod({"ready": False, "state": {"waiting": {"reason": "ContainerCreating"}}}, phase="Pending")
    creating["status"]["startTime"] = long_ago
    assert not is_moving(Pod=[creating])
    assert not is_moving(Pod=[pod(RUNNING, deletionTimestamp=long_ago)])
    begins = pod(begun(1))
    begins["status"]["startTime"] = long_ago
    assert is_moving(Pod=[begins])


def test_a_claim_moves_once_a_node_is_chosen_for_it() -> None:
    waits = {"metadata": {"name": "c"}, "status": {"phase": "Pending"}}
    chosen = {"metadata": {"name": "c", "annotations": {"volume.kubernetes.io/selected-node": "node01"}}}
    assert not is_moving(PersistentVolumeClaim=[waits])
    assert is_moving(PersistentVolumeClaim=[waits | chosen])
    assert not is_moving(PersistentVolumeClaim=[chosen | {"status": {"phase": "Bound"}}])


def deployment(seen: int, **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": "d", "generation": 3, **metadata}, "status": {"observedGeneration": seen}}


def test_a_change_that_its_controller_has_not_seen_moves() -> None:
    assert is_moving(Deployment=[deployment(2, **changed(1))])
    assert not is_moving(Deployment=[deployment(3, **changed(1))])


def test_what_a_controller_has_not_seen_for_long_waits_for_one_that_does_not_run() -> None:
    unplaced = {"metadata": {"name": "p", **changed(60)}, "status": {"phase": "Pending"}}
    assert not is_moving(Deployment=[deployment(2, **changed(60))], Pod=[unplaced])


@pytest.mark.parametrize(("seconds", "moves"), [(5, True), (60, False)])
def test_what_waited_for_a_controller_gets_on_once_that_is_back(seconds: float, moves: bool) -> None:
    manager = pod(RUNNING, ownerReferences=[{"kind": "Node", "name": "controlplane"}])
    manager["status"]["conditions"] = [{"type": "Ready", "status": "True", "lastTransitionTime": ago(seconds)}]
    assert is_moving(Deployment=[deployment(2, **changed(60))], Pod=[manager]) is moves
    assert not is_moving(Deployment=[deployment(3, **changed(60))], Pod=[manager])


def test_nothing_moves_in_a_cluster_that_does_not_answer() -> None:
    class Gone:
        def list(self, *_: str) -> list[dict[str, Any]]:
            raise ClusterGone("GET /api/v1/pods", "connection refused")

    assert not is_changing(cast(Cluster, Gone()))
