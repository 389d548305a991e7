"""When an object is ready: each kind's own words, and reports that a restart has made worthless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api_server import ApiState, namespace, pod, thing
from cluster_fixtures import Ask
from rung.checks.core.channel import MachineGone, Result
from rung.checks.core.machine import Machine

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)


class Node:
    """A node's machine, as its channel: it tells when it was started."""

    def __init__(self, booted: datetime | None) -> None:
        self.booted = booted

    def run(self, command: str, **_: Any) -> Result:
        assert "/proc/1/stat" in command
        if self.booted is None:
            raise MachineGone("it is gone", "node01")
        stat = "1 (systemd) S" + " 0" * 49  # at once with the kernel
        return Result(0, f"{stat}\n{int(self.booted.timestamp())}\n".encode(), b"")

    def close(self) -> None:
        """Nothing is open."""


def machine(booted: datetime | None) -> Machine:
    return Machine("node01", Node(booted))


def workload(kind: str, status: dict[str, Any], generation: int = 1, **spec: Any) -> dict[str, Any]:
    selector = {"selector": {"matchLabels": {"app": "x"}}}
    return thing(
        kind, "x", metadata={"generation": generation}, spec={"replicas": 2, **selector, **spec}, status=status
    )


DONE = {"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}
ON_NODES = {"desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2}
REVISIONS = {"currentRevision": "a", "updateRevision": "b"}
TRUE = [{"type": "AbleToScale", "status": "True"}]


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (workload("Deployment", DONE), []),
        (workload("Deployment", {}, replicas=0), []),
        (
            workload("Deployment", {"replicas": 3, "updatedReplicas": 1, "availableReplicas": 1}),
            ["expected 2 pods of the newest revision, found 1", "expected 2 pods available, found 1",
             "expected only pods of the newest revision, found 2 older"],
        ),
        (
            workload("Deployment", {**DONE, "observedGeneration": 1}, generation=2),
            ["expected ready, found a change that its controller has not seen yet"],
        ),
        (workload("StatefulSet", {**DONE, **REVISIONS}), []),
        (workload("StatefulSet", {"replicas": 2, "availableReplicas": 2}), []),
        (
            workload("StatefulSet", {**DONE, **REVISIONS, "updatedReplicas": 1}),
            ["expected 2 pods of the newest revision, found 1"],
        ),
        (workload("StatefulSet", {**REVISIONS, "availableReplicas": 2}, updateStrategy={"type": "OnDelete"}), []),
        (workload("DaemonSet", ON_NODES), []),
        (workload("DaemonSet", {**ON_NODES, "numberAvailable": 1}), ["expected 2 pods available, found 1"]),
        (workload("DaemonSet", {}), ["expected a node that it runs on, found none"]),
        (workload("ReplicaSet", {"replicas": 2}), ["expected 2 pods available, found 0"]),
        (thing("Job", "x", status={"conditions": [{"type": "Complete", "status": "True"}]}), []),
        (thing("Job", "x", status={"succeeded": 1}), ["expected complete, found 1 pods succeeded"]),
        (
            thing("Job", "x", status={"conditions": [
                {"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}]}),
            ["expected complete, found failed (DeadlineExceeded)"],
        ),
        (thing("PersistentVolumeClaim", "x", status={"phase": "Pending"}), ["expected Bound, found Pending"]),
        (thing("PersistentVolumeClaim", "x"), ["expected Bound, found no phase"]),
        (
            thing("HorizontalPodAutoscaler", "x", status={"conditions": TRUE}),
            ["condition ScalingActive: expected True, found nothing"],
        ),
        (thing("Service", "x", spec={}), ["expected at least one ready endpoint, found none"]),
        (thing("ConfigMap", "x"), ["status: expected a condition that says it is ready, found none"]),
        (
            thing("PersistentVolumeClaim", "x", metadata={"deletionTimestamp": "2026-01-01T00:00:00Z"}),
            ["expected ready, found it being deleted"],
        ),
        (pod("x"), []),
        (pod("x", status={"phase": "Succeeded"}), ["expected ready, found Succeeded"]),
        (
            pod("x", status={"phase": "Pending", "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]}),
            ["expected ready, found Pending (Unschedulable)"],
        ),
        (
            pod("x", status={"conditions": [{"type": "Ready", "status": "False"}], "containerStatuses": [
                {"name": "app", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}),
            ["expected ready, found not ready (container app: CrashLoopBackOff)"],
        ),
    ],
)  # fmt: skip
def test_each_kind_in_its_own_words(ask: Ask, held: dict[str, Any], told: list[str]) -> None:
    subject = f"{held['kind'].lower()}/x"
    found = ask(ApiState([namespace("lab"), held]), {"resource": subject, "ready": True})
    assert found == [f"{subject}: {reason}" for reason in told]


def test_a_service_is_ready_where_an_endpoint_is(ask: Ask) -> None:
    ends = [{"addresses": ["10.0.0.1"], "conditions": {"ready": False}}]
    endpoints = thing("EndpointSlice", "x-1", labels={"kubernetes.io/service-name": "x"}, endpoints=ends)
    api_state = ApiState([namespace("lab"), thing("Service", "x"), endpoints])
    asked = {"resource": "service/x", "ready": True}
    assert ask(api_state, asked) == ["service/x: expected at least one ready endpoint, found 1 that are not"]
    ends.append({"addresses": ["10.0.0.2"], "conditions": {"ready": True}})
    assert ask(api_state, asked) == []


# The containers of api_server.pod run since 10:00.
@pytest.mark.parametrize(
    ("booted", "told"),
    [
        (MIDNIGHT, []),
        (MIDNIGHT + timedelta(hours=10), []),
        (
            MIDNIGHT + timedelta(hours=10, seconds=1),
            ["expected ready, found unknown: last reported before node01 was restarted"],
        ),
        (None, ["expected ready, found unknown: node01 does not answer"]),
    ],
)
def test_a_pod_that_runs_since_before_its_nodes_start_is_unknown(
    ask: Ask, booted: datetime | None, told: list[str]
) -> None:
    api_state = ApiState([namespace("lab"), pod("x"), workload("Deployment", DONE)])
    node = machine(booted)
    assert ask(api_state, {"resource": "pod/x", "ready": True}, node01=node) == [f"pod/x: {reason}" for reason in told]
    assert ask(api_state, {"resource": "deployment/x", "ready": True}, node01=node) == [
        f"deployment/x: pod/x: {reason}" for reason in told
    ]
    assert ask(api_state, {"count": "pods", "ready": True, "exactly": 1 - len(told)}, node01=node) == []


def node(heartbeat: str = "2026-01-01T10:00:00Z", status: str = "True", **spec: Any) -> dict[str, Any]:
    ready = {"type": "Ready", "status": status, "lastHeartbeatTime": heartbeat, "reason": "KubeletNotReady"}
    return thing("Node", "node01", labels={"disk": "ssd"}, spec=spec, status={"conditions": [ready]})


def lease(age: float, holder: str = "node01") -> dict[str, Any]:
    renewed = (datetime.now(UTC) - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return thing("Lease", holder, "kube-node-lease", spec={"renewTime": renewed, "leaseDurationSeconds": 40})


HEALTH = "/api/v1/nodes/node01/proxy/healthz"
UNKNOWN = "node/node01: expected ready, found unknown:"


@pytest.mark.parametrize(
    ("status", "age", "raw", "booted", "told"),
    [
        ("True", 3, {}, None, []),
        ("True", 3, {}, MIDNIGHT, []),
        ("True", 25, {HEALTH: "ok"}, None, []),
        ("True", 25, {HEALTH: 502}, None, [f"{UNKNOWN} its kubelet does not answer (because the test says so)"]),
        ("True", None, {}, None, [f"{UNKNOWN} its kubelet holds no lease"]),
        ("True", 3, {}, MIDNIGHT + timedelta(hours=11), [f"{UNKNOWN} last reported before it was restarted"]),
        ("False", 3, {}, None, ["node/node01: condition Ready: expected True, found False (KubeletNotReady)"]),
    ],
)
def test_a_node_is_ready_where_its_kubelet_says_so_now(
    ask: Ask, status: str, age: float | None, raw: dict[str, Any], booted: datetime | None, told: list[str]
) -> None:
    hosts = {} if booted is None else {"node01": machine(booted)}
    objects = [node(status=status), *([] if age is None else [lease(age)])]
    assert ask(ApiState(objects, raw=raw), {"node": "node01"}, **hosts) == told


def test_a_node_that_does_not_answer_is_unknown(ask: Ask) -> None:
    assert ask(ApiState([node(), lease(3)]), {"node": "node01"}, node01=machine(None)) == [
        f"{UNKNOWN} node01 does not answer"
    ]


CONFIG = {
    "kubeletconfig": {"maxPods": 110, "nodeStatusUpdateFrequency": "10s", "evictionHard": {"memory.available": "100Mi"}}
}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"node": "node01", "schedulable": False}, []),
        ({"node": "node01", "schedulable": True}, ["state: expected schedulable, found cordoned"]),
        ({"node": "node01", "ready": False}, ["state: expected not ready, found ready"]),
        ({"node": "node01", "labels": {"disk": "ssd", "gpu": None}}, []),
        (
            {"node": "node01", "labels": {"disk": None, "gpu": "yes"}},
            ["label disk: expected none, found ssd", "label gpu: expected yes, found none"],
        ),
        ({"node": "node01", "taints": ["shelf=gpu:NoSchedule", "shelf:NoSchedule", "shelf"], "no_taints": ["x"]}, []),
        ({"node": "node01", "taints": ["shelf=cpu:NoSchedule"]},
         ["taints: expected shelf=cpu:NoSchedule, found shelf=gpu:NoSchedule"]),
        ({"node": "node01", "no_taints": ["shelf"]}, ["taints: expected no shelf, found shelf=gpu:NoSchedule"]),
        ({"node": "node01", "kubelet": {"nodeStatusUpdateFrequency": "0m10s", "maxPods": 110}}, []),
        ({"node": "node01", "kubelet": {"nodeStatusUpdateFrequency": "20s"}},
         ['kubelet.nodeStatusUpdateFrequency: expected "20s", found "10s"']),
    ],
)  # fmt: skip
def test_a_nodes_state_labels_taints_and_configuration(ask: Ask, asked: dict[str, Any], told: list[str]) -> None:
    taint = {"key": "shelf", "value": "gpu", "effect": "NoSchedule"}
    api_state = ApiState(
        [node(unschedulable=True, taints=[taint]), lease(3)], raw={"/api/v1/nodes/node01/proxy/configz": CONFIG}
    )
    assert ask(api_state, asked) == [f"node/node01: {reason}" for reason in told]


def test_every_node_and_how_many(ask: Ask) -> None:
    api_state = ApiState([node(), lease(3)])
    assert ask(api_state, {"node": "*"}) == []
    assert ask(api_state, {"node": "*", "at_least": 2}) == ["nodes: expected at least 2, found node01"]
    assert ask(ApiState(), {"node": "*"}) == ["nodes: expected at least 1, found none"]
    assert ask(api_state, {"node": "node02"}) == ["node/node02: expected to exist, found none"]
