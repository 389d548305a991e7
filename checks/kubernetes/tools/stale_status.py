"""What the API still tells and nobody knows any more: reports of a node from before it was restarted, or stopped."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone, Object
from rung.checks.core.machine import MachineGone
from rung.checks.core.registry import CheckContext

_NEVER = datetime.max.replace(tzinfo=UTC)
_RENEWED = 15  # seconds after which a kubelet that renews its lease every 10 s is asked whether it lives


def condition(thing: Object, name: str) -> dict[str, Any] | None:
    """The condition of that type in an object's status."""
    return next((c for c in thing.get("status", {}).get("conditions") or () if c.get("type") == name), None)


def is_true(thing: Object, name: str) -> bool:
    """Whether the condition of that type is True."""
    return (condition(thing, name) or {}).get("status") == "True"


def moment(text: str | None) -> datetime | None:
    """A time as the API writes it, its fraction of a second left out."""
    return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC) if text else None


def started(place: CheckContext, node: str) -> datetime | None:
    """When a node was started, where its machine can be asked; the end of time where that does not answer."""
    if node not in place.boots:
        place.boots[node] = _asked(place, node)
    return place.boots[node]


def _asked(place: CheckContext, node: str) -> datetime | None:
    host = place.hosts.get(node)
    if host is None:
        return None
    try:
        return host.booted_at.replace(microsecond=0)
    except MachineGone:
        return _NEVER


def stale_pods(place: CheckContext, pods: Iterable[Object]) -> Iterator[tuple[Object, str]]:
    """The pods that are said to be ready and are known from before their node's start only, each with the reason."""
    for pod in pods:
        node = pod["spec"].get("nodeName", "")
        if not is_true(pod, "Ready"):
            continue
        boot = started(place, node)
        if boot == _NEVER:
            yield pod, f"expected ready, found unknown: {node} does not answer"
        elif boot is not None and any(start < boot for start in _starts(pod)):
            yield pod, f"expected ready, found unknown: last reported before {node} was restarted"


def _starts(pod: Object) -> Iterator[datetime]:
    """When the containers that run were started."""
    for status in pod.get("status", {}).get("containerStatuses") or ():
        start = moment(status.get("state", {}).get("running", {}).get("startedAt"))
        if start is not None:
            yield start


def stale_node(place: CheckContext, cluster: Cluster, node: Object) -> Iterator[str]:
    """The reason where a node that is said to be ready has not reported since its start, or no longer reports."""
    if not is_true(node, "Ready"):
        return
    name = node["metadata"]["name"]
    boot = started(place, name)
    told = moment((condition(node, "Ready") or {}).get("lastHeartbeatTime"))
    if boot == _NEVER:
        yield f"expected ready, found unknown: {name} does not answer"
    elif boot is not None and told is not None and told < boot:
        yield "expected ready, found unknown: last reported before it was restarted"
    else:
        yield from _silent(cluster, name, boot)


def _silent(cluster: Cluster, name: str, boot: datetime | None) -> Iterator[str]:
    """The reason where the node's kubelet does not renew its lease, and does not answer either."""
    path = cluster.resource("leases").path("kube-node-lease", name)
    try:
        answer = cluster.raw("GET", path)
    except ApiRefused as refused:
        if refused.status != 404:
            raise
        yield "expected ready, found unknown: its kubelet holds no lease"
        return
    renewed = moment(answer.json()["spec"].get("renewTime"))
    now = parsedate_to_datetime(answer.date) if answer.date else datetime.now(UTC)
    if renewed is None or (boot is not None and renewed < boot) or (now - renewed).total_seconds() > _RENEWED:
        said = _kubelet(cluster, name)
        if said is not None:
            yield f"expected ready, found unknown: its kubelet does not answer ({said})"


def _kubelet(cluster: Cluster, name: str) -> str | None:
    """What is wrong with a node's kubelet, asked now; None where it is well."""
    try:
        cluster.raw("GET", f"/api/v1/nodes/{name}/proxy/healthz", timeout=5)
    except ApiRefused as refused:
        return refused.message
    except ClusterGone as gone:  # the API server waits for it in vain
        return gone.why
    return None
