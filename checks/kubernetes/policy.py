"""Kind `policy`: flows that NetworkPolicies allow or deny, evaluated, and tried where the cluster enforces them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rung.checks.client.selectors import selector, selector_text
from rung.checks.cluster import ALL, ApiRefused, Cluster, Object
from rung.checks.core.channel import CommandTimeout
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import REFUSED, pod_connection, pod_machine, required_cluster
from rung.checks.kubernetes.tools.conditions import condition_is_true
from rung.checks.kubernetes.tools.network_policies import FlowEnd, evaluate_flow

_CAPABILITY = "network-policy"
_ENDED_PHASES = ("Succeeded", "Failed")


class FlowSide(BaseModel):
    """One end of a flow: existing pods, a pod that might exist, or an address outside the cluster."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    namespace: str | None = Field(None, description="The namespace of the pods; default the lab's.")
    labels: str | dict[str, Any] | None = Field(
        None, description="The pods that these labels select; default all of the namespace. At least one must exist."
    )
    like: dict[str, str] | None = Field(None, description="Instead: a pod with exactly these labels, as if it existed.")
    ip: str | None = Field(None, description="Instead: an address outside of the cluster.")

    @model_validator(mode="after")
    def _one_way(self) -> "FlowSide":
        if sum(each is not None for each in (self.labels, self.like, self.ip)) > 1:
            raise ValueError("give one of `labels`, `like` and `ip`")
        selector(self.labels)
        return self

    @property
    def words(self) -> str:
        """Who is meant, in the learner's words."""
        where = f" in {self.namespace}" if self.namespace else ""
        if self.ip is not None:
            return self.ip
        if self.like is not None:
            return f"a pod with {selector_text(self.like) or 'no labels'}{where}"
        return f"{selector_text(self.labels)}{where}" if self.labels else f"any pod{where}"


def _port(value: Any) -> str:
    """`8080`, `http`, `53/UDP`. Raises ValueError."""
    if not re.fullmatch(r"(\d{1,5}|[a-z0-9-]{1,15})(/(TCP|UDP|SCTP))?", str(value)):
        raise ValueError(f"expected a port such as 8080, http or 53/UDP, found {value!r}")
    return str(value)


Ports = Annotated[
    list[Annotated[str, AfterValidator(_port)]],
    BeforeValidator(lambda value: [str(each) for each in (value if isinstance(value, list) else [value])],
                    json_schema_input_type=int | str | list[int | str]),
]  # fmt: skip


class Flow(BaseModel):
    """A flow, and whether the policies must allow it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    from_: FlowSide = Field(alias="from", description="Who starts it.")
    to: FlowSide = Field(description="Who is reached.")
    ports: Ports = Field(min_length=1, description="Ports of the one who is reached: 8080, http, 53/UDP; or several.")
    allowed: bool = Field(True, description="false: it is denied.")


@dataclass(frozen=True)
class _ResolvedEnd:
    """One end of a flow, and its pod (None if the pod does not exist, or the end is outside the cluster)."""

    end: FlowEnd
    pod: Object | None = None


_Pairs = list[tuple[_ResolvedEnd, _ResolvedEnd]]


@kind("policy")
class Policy(Expectation):
    """Flows that the NetworkPolicies together allow or deny.

    All policies are evaluated, at both ends: namespaces, labels, ports and address blocks. Where the cluster is
    known to enforce policies, flows over TCP between running pods are tried as well, from within the pod.
    """

    policy: list[Flow] = Field(min_length=1, description="The flows: `from`, `to`, `ports`, `allowed`.")
    live: bool = Field(True, description="false: never tried, only evaluated.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        snapshot = PolicySnapshot(cluster)
        tries = self.live and _CAPABILITY in cluster.capabilities
        for flow in self.policy:
            yield from _reasons(flow, snapshot, cluster if tries else None)

    def sentence(self) -> str:
        allowed, denied = sum(f.allowed for f in self.policy), sum(not f.allowed for f in self.policy)
        if len(self.policy) == 1:
            flow = self.policy[0]
            may = "may" if flow.allowed else "may not"
            return f"By the network policies {flow.from_.words} {may} reach {flow.to.words} on {', '.join(flow.ports)}"
        what = [f"allow {allowed} flows"] if allowed else []
        what += [f"deny {denied}" if allowed else f"deny {denied} flows"] if denied else []
        return f"The network policies {' and '.join(what)} as the task says"

    def names(self) -> Iterable[str]:
        sides = [side for flow in self.policy for side in (flow.from_, flow.to)]
        return [side.namespace for side in sides if side.namespace]


class PolicySnapshot:
    """The cluster's policies, namespaces and pods, each read once.

    `policies` are those of all namespaces; `namespaces` maps names to labels. Raises ApiRefused and ClusterGone.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.policies = cluster.list("networkpolicies", ALL)
        namespaces = cluster.list("namespaces")
        self.namespaces = {n["metadata"]["name"]: n["metadata"].get("labels") or {} for n in namespaces}
        self._pods: dict[str, list[Object]] = {}

    def pods(self, namespace: str) -> list[Object]:
        """The pods of a namespace that have neither ended nor are being deleted."""
        if namespace not in self._pods:
            self._pods[namespace] = [p for p in self.cluster.list("pods", namespace) if _alive(p)]
        return self._pods[namespace]


def _alive(pod: Object) -> bool:
    return "deletionTimestamp" not in pod["metadata"] and pod.get("status", {}).get("phase") not in _ENDED_PHASES


def _reasons(flow: Flow, snapshot: PolicySnapshot, live: Cluster | None) -> Iterator[str]:
    sources, source_reasons = _ends(flow.from_, snapshot)
    targets, target_reasons = _ends(flow.to, snapshot)
    if source_reasons or target_reasons:
        yield from dict.fromkeys([*source_reasons, *target_reasons])
        return
    pairs = [(s, t) for s in sources for t in targets if s.pod is None or s.pod is not t.pod]
    for port in flow.ports:
        reasons = list(_evaluated(flow, snapshot, pairs, port))
        yield from reasons
        if live is not None and not reasons:
            yield from _tried(flow, live, pairs, port)


def _ends(side: FlowSide, snapshot: PolicySnapshot) -> tuple[list[_ResolvedEnd], list[str]]:
    """The ends that a side stands for, or the reason why there are none."""
    if side.ip is not None:
        return [_ResolvedEnd(FlowEnd(side.ip, ip=side.ip))], []
    namespace = side.namespace or snapshot.cluster.namespace
    if namespace not in snapshot.namespaces:
        return [], [expected(f"namespace/{namespace}", "to exist", "none")]
    labels = snapshot.namespaces[namespace]
    if side.like is not None:
        return [_ResolvedEnd(FlowEnd(side.words, None, namespace, side.like, labels))], []
    chosen = selector(side.labels)
    pods = [p for p in snapshot.pods(namespace) if chosen.selects(p["metadata"].get("labels"))]
    if not pods:
        which = f" with the labels {chosen}" if side.labels else ""
        return [], [expected(f"pods{which} in {namespace}", "at least one", "none")]
    return [_ResolvedEnd(pod_end(pod, labels), pod) for pod in pods], []


def pod_end(pod: Object, namespace_labels: Mapping[str, str]) -> FlowEnd:
    """A pod as one end of a flow."""
    metadata = pod["metadata"]
    ports = [port for c in pod["spec"]["containers"] for port in c.get("ports") or ()]
    return FlowEnd(
        name=f"pod/{metadata['name']} in {metadata['namespace']}",
        ip=pod.get("status", {}).get("podIP"),
        namespace=metadata["namespace"],
        labels=metadata.get("labels") or {},
        namespace_labels=namespace_labels,
        ports={(p["name"], p.get("protocol", "TCP")): p["containerPort"] for p in ports if "name" in p},
        host_network=bool(pod["spec"].get("hostNetwork")),
    )


def _evaluated(flow: Flow, snapshot: PolicySnapshot, pairs: _Pairs, port: str) -> Iterator[str]:
    number, _, protocol = port.partition("/")
    for source, target in pairs:
        subject = f"from {source.end.name} to {target.end.name}, {number}/{protocol or 'TCP'}"
        try:
            wanted: int | str = int(number) if number.isdecimal() else number
            verdict = evaluate_flow(snapshot.policies, source.end, target.end, wanted, protocol or "TCP")
        except ValueError as error:
            yield f"{subject}: {error}"
            continue
        if verdict.allowed != flow.allowed:
            yield expected(f"{subject}: by the policies", "allowed" if flow.allowed else "denied", verdict)


def _ready(pod: Object | None) -> bool:
    """Whether a pod reports that it is ready."""
    return pod is not None and condition_is_true(pod, "Ready")


def _tried(flow: Flow, cluster: Cluster, pairs: _Pairs, port: str) -> Iterator[str]:
    """Reasons from a TCP connection between the first pair of ready pods.

    A refused connection proves nothing: the port may have no listener, or a network plugin may refuse it. Nor does a
    source pod without curl or busybox.
    """
    number, _, protocol = port.partition("/")
    for source, target in pairs:
        if protocol in ("UDP", "SCTP") or not (_ready(source.pod) and _ready(target.pod)):
            continue
        assert source.pod is not None
        target_port = int(number) if number.isdecimal() else target.end.ports[number, "TCP"]
        try:
            outcome, words = pod_connection(pod_machine(cluster, source.pod), str(target.end.ip), target_port)
        except (ApiRefused, CommandTimeout):  # the pod ended meanwhile
            continue
        silent = outcome == "closed" and words != REFUSED
        if (outcome == "open" and not flow.allowed) or (silent and flow.allowed):
            subject = f"from {source.end.name} to {target.end.name}, {number}/TCP: tried"
            yield expected(subject, "a connection" if flow.allowed else "none", words)
        return
