"""Whether an object is ready. What a node reported before it was restarted counts as unknown."""

from collections.abc import Callable, Iterator
from typing import Any

from rung.checks.client.selectors import selector_text
from rung.checks.cluster import Cluster, Object
from rung.checks.core.registry import CheckContext
from rung.checks.kubernetes.tools.conditions import condition
from rung.checks.kubernetes.tools.stale_status import stale_node, stale_pods

_GENERIC = ("Ready", "Available", "Established", "Programmed", "Accepted", "Complete")


def unready_reasons(context: CheckContext, cluster: Cluster, thing: Object) -> Iterator[str]:
    """Why an object is not ready, each reason as `expected WHAT, found WHAT`; none if it is ready."""
    if "deletionTimestamp" in thing["metadata"]:
        yield "expected ready, found it being deleted"
        return
    seen = thing.get("status", {}).get("observedGeneration")
    if seen is not None and seen < thing["metadata"].get("generation", 0):
        yield "expected ready, found a change that its controller has not seen yet"
        return
    yield from _RULES.get(thing["kind"], _generic)(thing)
    if thing["kind"] == "Pod":
        yield from (reason for _, reason in stale_pods(context, [thing]))
    elif thing["kind"] == "Node":
        yield from stale_node(context, cluster, thing)
    elif thing["kind"] in _WORKLOADS:
        yield from _stale_pods(context, cluster, thing)
    elif thing["kind"] == "Service":
        yield from _endpoints(cluster, thing)


# -- the rule of each kind


def _generic(thing: Object) -> Iterator[str]:
    conditions = [c for name in _GENERIC if (c := condition(thing, name)) is not None]
    if not conditions:
        yield "status: expected a condition that says it is ready, found none"
    for each in conditions:
        if each.get("status") != "True":
            yield _not_true(each)


def _not_true(each: dict[str, Any]) -> str:
    why = each.get("reason") or each.get("message") or ""
    return f"condition {each['type']}: expected True, found {each.get('status')}{f' ({why})' if why else ''}"


def _pod(thing: Object) -> Iterator[str]:
    status = thing.get("status", {})
    ready = condition(thing, "Ready")
    if status.get("phase") != "Running":
        why = waiting_reason(thing)
        yield f"expected ready, found {status.get('phase', 'no phase')}{f' ({why})' if why else ''}"
    elif ready is None or ready.get("status") != "True":
        why = waiting_reason(thing) or (ready or {}).get("message", "")
        yield f"expected ready, found not ready{f' ({why})' if why else ''}"


def waiting_reason(pod: Object) -> str:
    """Why the first waiting container waits, or why the pod is not scheduled; "" if neither is known."""
    status = pod.get("status", {})
    for each in [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]:
        reason = each.get("state", {}).get("waiting", {}).get("reason")
        if reason:
            return f"container {each['name']}: {reason}"
    unscheduled = condition(pod, "PodScheduled")
    return str(unscheduled.get("reason", "")) if unscheduled and unscheduled.get("status") == "False" else ""


def _deployment(thing: Object) -> Iterator[str]:
    want, status = thing["spec"].get("replicas", 1), thing.get("status", {})
    yield from _pods_of(want, status.get("updatedReplicas", 0), status.get("availableReplicas", 0))
    old = status.get("replicas", 0) - status.get("updatedReplicas", 0)
    if old > 0:
        yield f"expected only pods of the newest revision, found {old} older"


def _stateful(thing: Object) -> Iterator[str]:
    want, status = thing["spec"].get("replicas", 1), thing.get("status", {})
    manual = thing["spec"].get("updateStrategy", {}).get("type") == "OnDelete"
    updated = want if manual else status.get("updatedReplicas", 0)
    if status.get("currentRevision") == status.get("updateRevision"):
        updated = status.get("replicas", 0)
    yield from _pods_of(want, updated, status.get("availableReplicas", 0))


def _daemon(thing: Object) -> Iterator[str]:
    status = thing.get("status", {})
    want = status.get("desiredNumberScheduled", 0)
    if not want:
        yield "expected a node that it runs on, found none"
    yield from _pods_of(want, status.get("updatedNumberScheduled", 0), status.get("numberAvailable", 0))


def _replica_set(thing: Object) -> Iterator[str]:
    want, status = thing["spec"].get("replicas", 1), thing.get("status", {})
    yield from _pods_of(want, status.get("replicas", 0), status.get("availableReplicas", 0))


def _pods_of(want: int, updated: int, available: int) -> Iterator[str]:
    if updated < want:
        yield f"expected {want} pods of the newest revision, found {updated}"
    if available < want:
        yield f"expected {want} pods available, found {available}"


def _job(thing: Object) -> Iterator[str]:
    failed, complete = condition(thing, "Failed"), condition(thing, "Complete")
    if failed and failed.get("status") == "True":
        yield f"expected complete, found failed ({failed.get('reason', 'no reason given')})"
    elif not complete or complete.get("status") != "True":
        yield f"expected complete, found {thing.get('status', {}).get('succeeded', 0)} pods succeeded"


def _phase(want: str) -> Callable[[Object], Iterator[str]]:
    def rule(thing: Object) -> Iterator[str]:
        found = thing.get("status", {}).get("phase")
        if found != want:
            yield f"expected {want}, found {found or 'no phase'}"

    return rule


def _scaler(thing: Object) -> Iterator[str]:
    for name in ("AbleToScale", "ScalingActive"):
        each = condition(thing, name) or {"type": name, "status": "nothing"}
        if each.get("status") != "True":
            yield _not_true(each)


def _no_rule(thing: Object) -> Iterator[str]:  # noqa: ARG001  # a Service is judged by its endpoints
    yield from ()


_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_RULES: dict[str, Callable[[Object], Iterator[str]]] = {
    "Pod": _pod,
    "Deployment": _deployment,
    "StatefulSet": _stateful,
    "DaemonSet": _daemon,
    "ReplicaSet": _replica_set,
    "Job": _job,
    "Namespace": _phase("Active"),
    "PersistentVolumeClaim": _phase("Bound"),
    "PersistentVolume": _phase("Bound"),
    "HorizontalPodAutoscaler": _scaler,
    "Service": _no_rule,
}


# -- rules that ask the API for other objects


def _endpoints(cluster: Cluster, service: Object) -> Iterator[str]:
    name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
    slices = cluster.list("endpointslices", namespace, labels={"kubernetes.io/service-name": name})
    ends = [end for each in slices for end in each.get("endpoints") or ()]
    ready = [end for end in ends if end.get("conditions", {}).get("ready", True)]
    if not ready:
        yield f"expected at least one ready endpoint, found {f'{len(ends)} that are not' if ends else 'none'}"


def _stale_pods(context: CheckContext, cluster: Cluster, owner: Object) -> Iterator[str]:
    if context.hosts:
        labels = selector_text(owner["spec"]["selector"])
        pods = cluster.list("pods", owner["metadata"]["namespace"], labels=labels)
        yield from (f"pod/{pod['metadata']['name']}: {reason}" for pod, reason in stale_pods(context, pods))
