"""Kind `policy`: which flows the NetworkPolicies allow and deny, evaluated, and tried where they are enforced."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rung.checks.client.selectors import selector, selector_text
from rung.checks.cluster import ALL, ApiRefused, Cluster, Object
from rung.checks.core.machine import CommandTimeout
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import REFUSED, cluster_of, pod_connection, pod_machine
from rung.checks.kubernetes.tools.network_policies import End, judge

_CAPABILITY = "network-policy"
_DONE = ("Succeeded", "Failed")


class Side(BaseModel):
    """One end of a flow: pods that there are, a pod that there might be, or an address outside."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    namespace: str | None = Field(None, description="The namespace of the pods; default the lab's.")
    labels: str | dict[str, Any] | None = Field(
        None, description="The pods that these labels select; default all of the namespace. At least one must exist."
    )
    like: dict[str, str] | None = Field(None, description="Instead: a pod with exactly these labels, as if it existed.")
    ip: str | None = Field(None, description="Instead: an address outside of the cluster.")

    @model_validator(mode="after")
    def _one_way(self) -> "Side":
        if sum(each is not None for each in (self.labels, self.like, self.ip)) > 1:
            raise ValueError("give one of `labels`, `like` and `ip`")
        selector(self.labels)
        return self

    @property
    def words(self) -> str:
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
    """A flow, and whether it is to be allowed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    from_: Side = Field(alias="from", description="Who starts it.")
    to: Side = Field(description="Who is reached.")
    ports: Ports = Field(min_length=1, description="Ports of the one who is reached: 8080, http, 53/UDP; or several.")
    allowed: bool = Field(True, description="false: it is denied.")


@dataclass(frozen=True)
class _Real:
    """An end, and the pod that it is (None for one that is imagined, or outside)."""

    end: End
    pod: Object | None = None


@kind("policy")
class Policy(Expectation):
    """Flows that the NetworkPolicies together allow or deny.

    All policies are evaluated, at both ends: namespaces, labels, ports and address blocks. Where the cluster is
    known to enforce policies, flows over TCP between running pods are tried as well, from within the pod.
    """

    policy: list[Flow] = Field(min_length=1, description="The flows: `from`, `to`, `ports`, `allowed`.")
    live: bool = Field(True, description="false: never tried, only evaluated.")

    def reasons(self, place: CheckContext) -> Iterator[str]:
        cluster = cluster_of(place)
        world = World(cluster)
        tries = self.live and _CAPABILITY in cluster.capabilities
        for flow in self.policy:
            yield from _reasons(flow, world, cluster if tries else None)

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


class World:
    """The policies, the namespaces and the pods, each asked for once."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.policies = cluster.list("networkpolicies", ALL)
        spaces = cluster.list("namespaces")
        self.namespaces = {n["metadata"]["name"]: n["metadata"].get("labels") or {} for n in spaces}
        self._pods: dict[str, list[Object]] = {}

    def pods(self, namespace: str) -> list[Object]:
        """The pods of a namespace that are alive."""
        if namespace not in self._pods:
            self._pods[namespace] = [p for p in self.cluster.list("pods", namespace) if _alive(p)]
        return self._pods[namespace]


def _alive(pod: Object) -> bool:
    return "deletionTimestamp" not in pod["metadata"] and pod.get("status", {}).get("phase") not in _DONE


def _reasons(flow: Flow, world: World, live: Cluster | None) -> Iterator[str]:
    sources, lacking = _ends(flow.from_, world)
    targets, also = _ends(flow.to, world)
    if lacking or also:
        yield from dict.fromkeys([*lacking, *also])
        return
    pairs = [(s, t) for s in sources for t in targets if s.pod is None or s.pod is not t.pod]
    for port in flow.ports:
        said = list(_evaluated(flow, world, pairs, port))
        yield from said
        if live is not None and not said:
            yield from _tried(flow, live, pairs, port)


def _ends(side: Side, world: World) -> tuple[list[_Real], list[str]]:
    """The ends that a side stands for, or the reason why there is none."""
    if side.ip is not None:
        return [_Real(End(side.ip, ip=side.ip))], []
    namespace = side.namespace or world.cluster.namespace
    if namespace not in world.namespaces:
        return [], [expected(f"namespace/{namespace}", "to exist", "none")]
    labels = world.namespaces[namespace]
    if side.like is not None:
        return [_Real(End(side.words, None, namespace, side.like, labels))], []
    chosen = selector(side.labels)
    pods = [p for p in world.pods(namespace) if chosen.selects(p["metadata"].get("labels"))]
    if not pods:
        which = f" with the labels {chosen}" if side.labels else ""
        return [], [expected(f"pods{which} in {namespace}", "at least one", "none")]
    return [_Real(end_of(pod, labels), pod) for pod in pods], []


def end_of(pod: Object, namespace_labels: Mapping[str, str]) -> End:
    """A pod as the end of a flow."""
    own = pod["metadata"]
    ports = [port for c in pod["spec"]["containers"] for port in c.get("ports") or ()]
    return End(
        name=f"pod/{own['name']} in {own['namespace']}",
        ip=pod.get("status", {}).get("podIP"),
        namespace=own["namespace"],
        labels=own.get("labels") or {},
        namespace_labels=namespace_labels,
        ports={(p["name"], p.get("protocol", "TCP")): p["containerPort"] for p in ports if "name" in p},
        host_network=bool(pod["spec"].get("hostNetwork")),
    )


def _evaluated(flow: Flow, world: World, pairs: list[tuple[_Real, _Real]], port: str) -> Iterator[str]:
    number, _, protocol = port.partition("/")
    for source, target in pairs:
        subject = f"from {source.end.name} to {target.end.name}, {number}/{protocol or 'TCP'}"
        try:
            wanted: int | str = int(number) if number.isdecimal() else number
            verdict = judge(world.policies, source.end, target.end, wanted, protocol or "TCP")
        except ValueError as error:
            yield f"{subject}: {error}"
            continue
        if verdict.allowed != flow.allowed:
            yield expected(f"{subject}: by the policies", "allowed" if flow.allowed else "denied", verdict)


def _ready(pod: Object | None) -> bool:
    """Whether a pod runs, and has said that it is ready."""
    conditions = (pod or {}).get("status", {}).get("conditions") or ()
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def _tried(flow: Flow, cluster: Cluster, pairs: list[tuple[_Real, _Real]], port: str) -> Iterator[str]:
    """The first pair of running pods, tried over TCP; a pod that has no client of its own is not.

    A refusal tells nothing: it comes from a port that nobody listens on as well as from some network plugins.
    """
    number, _, protocol = port.partition("/")
    for source, target in pairs:
        if protocol in ("UDP", "SCTP") or not (_ready(source.pod) and _ready(target.pod)):
            continue
        assert source.pod is not None
        at = int(number) if number.isdecimal() else target.end.ports[number, "TCP"]
        try:
            outcome, told = pod_connection(pod_machine(cluster, source.pod), str(target.end.ip), at)
        except (ApiRefused, CommandTimeout):  # it ended meanwhile
            continue
        silent = outcome == "closed" and told != REFUSED
        if (outcome == "open" and not flow.allowed) or (silent and flow.allowed):
            subject = f"from {source.end.name} to {target.end.name}, {number}/TCP: tried"
            yield expected(subject, "a connection" if flow.allowed else "none", told)
        return
