"""Whether anything in a cluster is still changing, so that waiting may change a check's outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rung.checks.cluster import ALL, ApiRefused, Cluster, ClusterGone
from rung.checks.kubernetes.tools.conditions import condition

_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_COMING = ("ContainerCreating", "PodInitializing")
_STUCK = 60.0  # seconds after which a pod that is still starting, or ending, is stuck
_YOUNG = 15.0  # seconds in which a running container may become ready
_LOOP = 2  # restarts after which another start of a container counts as a crash loop
_PLACED = "volume.kubernetes.io/selected-node"  # set once a node is chosen; the provisioner is at work
_OVERLOOKED = 30.0  # seconds after which an unseen change means that its controller does not run
_ROUTED = ("Service", "EndpointSlice", "NetworkPolicy")  # kinds that nodes turn into network rules
_ROUTING = 5.0  # seconds until every node has updated its rules; kube-proxy waits one of them


def is_changing(cluster: Cluster) -> bool:
    """Whether pods are starting or ending, a volume is being made, or a controller or node has not seen a change yet.

    A change that no controller has seen for long does not count, unless a controller has just started. False where
    the API does not answer.
    """
    try:
        pods = cluster.list("Pod", ALL)
        if any(_pod(pod) for pod in pods):
            return True
        if any(_claim(claim) for claim in cluster.list("PersistentVolumeClaim", ALL)):
            return True
        unseen = [pod for pod in pods if _unplaced(pod)]
        unseen += [item for kind in _KINDS for item in cluster.list(kind, ALL) if _unseen(item)]
        if unseen and (any(map(_just_back, pods)) or any(_changed_within(_OVERLOOKED, item) for item in unseen)):
            return True
        return any(_changed_within(_ROUTING, item) for kind in _ROUTED for item in cluster.list(kind, ALL))
    except (ApiRefused, ClusterGone):
        return False


def _unseen(item: Mapping[str, Any]) -> bool:
    seen = item.get("status", {}).get("observedGeneration", 0)
    return bool(item["metadata"].get("generation", 0) != seen)


def _pod(pod: Mapping[str, Any]) -> bool:
    if ending := pod["metadata"].get("deletionTimestamp"):  # the time by which it should be gone
        return _ago(ending) < _STUCK
    status = pod.get("status", {})
    if "startTime" in status and _ago(status["startTime"]) > _STUCK:
        return any(_container(c) for c in status.get("containerStatuses", []) if "running" in c.get("state", {}))
    return any(_container(c) for c in [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])])


def _unplaced(pod: Mapping[str, Any]) -> bool:
    """Whether the scheduler has not seen the pod yet."""
    status = pod.get("status", {})
    return status.get("phase") == "Pending" and not status.get("conditions")


def _just_back(pod: Mapping[str, Any]) -> bool:
    """Whether a static pod, such as those of the control plane, has just become ready: what waited for it goes on."""
    if not any(owner.get("kind") == "Node" for owner in pod["metadata"].get("ownerReferences", [])):
        return False
    ready = condition(pod, "Ready") or {}
    since = ready.get("lastTransitionTime")
    return ready.get("status") == "True" and since is not None and _ago(since) < _OVERLOOKED


def _claim(claim: Mapping[str, Any]) -> bool:
    waits = claim.get("status", {}).get("phase") == "Pending"
    return waits and _PLACED in (claim["metadata"].get("annotations") or {})


def _changed_within(seconds: float, item: Mapping[str, Any]) -> bool:
    """Whether an object was made or changed in the last `seconds`; no field tells who has seen the change."""
    changes = [entry["time"] for entry in item["metadata"].get("managedFields", []) if "time" in entry]
    return any(0 <= _ago(change) < seconds for change in changes)


def _container(status: Mapping[str, Any]) -> bool:
    state = status.get("state", {})
    if state.get("waiting", {}).get("reason") in _COMING:
        return True
    began = state.get("running", {}).get("startedAt")
    if status.get("ready") or began is None or status.get("restartCount", 0) > _LOOP:
        return False
    return _ago(began) < _YOUNG


def _ago(moment: str) -> float:
    """Seconds since an RFC 3339 timestamp."""
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
