"""Whether anything in a cluster is on its way to another state (then waiting for it makes sense)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rung.checks.cluster import ALL, ApiRefused, Cluster, ClusterGone

_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_COMING = ("ContainerCreating", "PodInitializing")
_STUCK = 60.0  # seconds after which a pod that still begins, or ends, does so for no reason that passes
_YOUNG = 15.0  # seconds in which a container that runs may become ready
_LOOP = 2  # restarts after which a container that begins once more is no news
_PLACED = "volume.kubernetes.io/selected-node"  # the scheduler has chosen, the provisioner is at work
_OVERLOOKED = 30.0  # seconds after which a change that nobody has seen waits for a controller that does not run
_ROUTED = ("Service", "EndpointSlice", "NetworkPolicy")  # what nodes make rules of
_ROUTING = 5.0  # seconds in which every node has a change of these in its rules; kube-proxy waits one of them


def is_changing(cluster: Cluster) -> bool:
    """Whether pods begin or end, a volume is being made, or a controller or a node has not yet seen what is wanted.

    What a controller has not seen for long is not on its way, unless one has just begun to work.
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
    if ending := pod["metadata"].get("deletionTimestamp"):  # when it was to have ended
        return _ago(ending) < _STUCK
    status = pod.get("status", {})
    if "startTime" in status and _ago(status["startTime"]) > _STUCK:
        return any(_container(c) for c in status.get("containerStatuses", []) if "running" in c.get("state", {}))
    return any(_container(c) for c in [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])])


def _unplaced(pod: Mapping[str, Any]) -> bool:
    """Whether the scheduler has not looked at it."""
    status = pod.get("status", {})
    return status.get("phase") == "Pending" and not status.get("conditions")


def _just_back(pod: Mapping[str, Any]) -> bool:
    """Whether a node's own pod, as those of the control plane are, has become ready: what waited for it gets on."""
    if not any(owner.get("kind") == "Node" for owner in pod["metadata"].get("ownerReferences", [])):
        return False
    conditions = pod.get("status", {}).get("conditions", [])
    since = next(
        (c.get("lastTransitionTime") for c in conditions if c["type"] == "Ready" and c["status"] == "True"), None
    )
    return since is not None and _ago(since) < _OVERLOOKED


def _claim(claim: Mapping[str, Any]) -> bool:
    waits = claim.get("status", {}).get("phase") == "Pending"
    return waits and _PLACED in (claim["metadata"].get("annotations") or {})


def _changed_within(seconds: float, item: Mapping[str, Any]) -> bool:
    """Whether it was made or changed so lately; who saw or followed it since, no field tells."""
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
    """How many seconds have passed since then."""
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
