"""Finds stale status: what a node reported before it was restarted or stopped, and the API still shows."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone, Object
from rung.checks.core.channel import MachineGone
from rung.checks.core.registry import CheckContext
from rung.checks.kubernetes.tools.conditions import condition, condition_is_true

_SILENT = datetime.max.replace(tzinfo=UTC)  # stands for the start of a node whose machine does not answer
_LEASE_SECONDS = 15  # a kubelet renews its lease every 10 s; after 15 s it is asked whether it is alive


def parse_time(text: str | None) -> datetime | None:
    """A timestamp of the API as UTC time in whole seconds, or None for None."""
    return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC) if text else None


def node_start_time(context: CheckContext, node: str) -> datetime | None:
    """When a node was started: None if its machine is not ours to ask, `datetime.max` if the machine does not answer.

    Each node is asked once in an evaluation.
    """
    if node not in context.boots:
        context.boots[node] = _boot_time(context, node)
    return context.boots[node]


def _boot_time(context: CheckContext, node: str) -> datetime | None:
    host = context.hosts.get(node)
    if host is None:
        return None
    try:
        return host.booted_at.replace(microsecond=0)
    except MachineGone:
        return _SILENT


def stale_pods(context: CheckContext, pods: Iterable[Object]) -> Iterator[tuple[Object, str]]:
    """The pods whose Ready condition dates from before their node's start, each with the reason."""
    for pod in pods:
        node = pod["spec"].get("nodeName", "")
        if not condition_is_true(pod, "Ready"):
            continue
        boot = node_start_time(context, node)
        if boot == _SILENT:
            yield pod, f"expected ready, found unknown: {node} does not answer"
        elif boot is not None and any(start < boot for start in _starts(pod)):
            yield pod, f"expected ready, found unknown: last reported before {node} was restarted"


def _starts(pod: Object) -> Iterator[datetime]:
    """When the running containers were started."""
    for status in pod.get("status", {}).get("containerStatuses") or ():
        start = parse_time(status.get("state", {}).get("running", {}).get("startedAt"))
        if start is not None:
            yield start


def stale_node(context: CheckContext, cluster: Cluster, node: Object) -> Iterator[str]:
    """Yields a reason if a node that is Ready has not reported since its start, or no longer reports."""
    if not condition_is_true(node, "Ready"):
        return
    name = node["metadata"]["name"]
    boot = node_start_time(context, name)
    reported = parse_time((condition(node, "Ready") or {}).get("lastHeartbeatTime"))
    if boot == _SILENT:
        yield f"expected ready, found unknown: {name} does not answer"
    elif boot is not None and reported is not None and reported < boot:
        yield "expected ready, found unknown: last reported before it was restarted"
    else:
        yield from _lease_reasons(cluster, name, boot)


def _lease_reasons(cluster: Cluster, name: str, boot: datetime | None) -> Iterator[str]:
    """Yields a reason if the node's kubelet does not renew its lease and does not answer."""
    path = cluster.resource("leases").path("kube-node-lease", name)
    try:
        answer = cluster.raw("GET", path)
    except ApiRefused as refused:
        if refused.status != 404:
            raise
        yield "expected ready, found unknown: its kubelet holds no lease"
        return
    renewed = parse_time(answer.json()["spec"].get("renewTime"))
    now = parsedate_to_datetime(answer.date) if answer.date else datetime.now(UTC)
    if renewed is None or (boot is not None and renewed < boot) or (now - renewed).total_seconds() > _LEASE_SECONDS:
        error = _kubelet_error(cluster, name)
        if error is not None:
            yield f"expected ready, found unknown: its kubelet does not answer ({error})"


def _kubelet_error(cluster: Cluster, name: str) -> str | None:
    """Asks a node's kubelet for its health: what is wrong, or None."""
    try:
        cluster.raw("GET", f"/api/v1/nodes/{name}/proxy/healthz", timeout=5)
    except ApiRefused as refused:
        return refused.message
    except ClusterGone as gone:  # the API server gets no answer from the kubelet
        return gone.why
    return None
