"""Whether NetworkPolicies allow a flow, evaluated as the API's documentation describes them. No I/O.

A flow must be allowed at both ends. An end that no policy of that direction selects is open. An end that policies
select admits only what a rule of one of them admits (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from rung.checks.client.selectors import Labels, selector

Direction = Literal["Ingress", "Egress"]
Policy = Mapping[str, Any]


@dataclass(frozen=True)
class FlowEnd:
    """One end of a flow: a pod (with a namespace), or an address outside the cluster.

    `ports` maps (name, protocol) to the number of each named port that the pod's containers declare.
    """

    name: str
    ip: str | None = None
    namespace: str | None = None
    labels: Labels = field(default_factory=dict)
    namespace_labels: Labels = field(default_factory=dict)
    ports: Mapping[tuple[str, str], int] = field(default_factory=dict)
    host_network: bool = False  # policies select such a pod neither as subject nor as peer

    @property
    def is_pod(self) -> bool:
        """Whether policies can select it."""
        return self.namespace is not None and not self.host_network


@dataclass(frozen=True)
class FlowVerdict:
    """Whether a flow is allowed, and which policies decided it in which direction."""

    allowed: bool
    direction: Direction | None = None
    policies: tuple[str, ...] = ()

    def __str__(self) -> str:
        word = "allowed" if self.allowed else "denied"
        if not self.policies:
            return f"{word} (no policy selects either end)"
        return f"{word} ({self.direction} by {', '.join(self.policies)})"


@dataclass(frozen=True)
class _TargetPort:
    """The port that a flow reaches."""

    target: FlowEnd
    number: int
    protocol: str


def evaluate_flow(
    policies: Iterable[Policy], source: FlowEnd, target: FlowEnd, port: int | str, protocol: str = "TCP"
) -> FlowVerdict:
    """Whether `source` may reach a port of `target`; a port's name is looked up among the target's ports.

    `policies` are the NetworkPolicies of all namespaces, `protocol` is TCP, UDP or SCTP.

    Raises ValueError where the target declares no port of that name.
    """
    number = port if isinstance(port, int) else target.ports.get((port, protocol))
    if number is None:
        raise ValueError(f"{target.name} declares no port `{port}` ({protocol})")
    policies = list(policies)
    target_port = _TargetPort(target, number, protocol)
    egress = _verdict_at(policies, "Egress", source, target, target_port)
    ingress = _verdict_at(policies, "Ingress", target, source, target_port)
    denied = [verdict for verdict in (egress, ingress) if not verdict.allowed]
    decided = [verdict for verdict in (ingress, egress) if verdict.policies]
    return (denied or decided or [FlowVerdict(True)])[0]


def _verdict_at(
    policies: list[Policy], direction: Direction, own: FlowEnd, other: FlowEnd, port: _TargetPort
) -> FlowVerdict:
    """What the policies that select `own` say of a flow from or to `other`."""
    selecting = [p for p in policies if policy_selects(p, direction, own)]
    if not selecting:
        return FlowVerdict(True)
    admitting = [p for p in selecting if any(_admits(p, r, direction, other, port) for r in policy_rules(p, direction))]
    return FlowVerdict(bool(admitting), direction, tuple(_name(p) for p in admitting or selecting))


def policy_selects(policy: Policy, direction: Direction, end: FlowEnd) -> bool:
    """Whether a policy applies to flows of this direction at a pod."""
    spec = policy["spec"]
    return (
        end.is_pod
        and end.namespace == policy["metadata"]["namespace"]
        and direction in _types(spec)
        and selector(spec.get("podSelector")).selects(end.labels)
    )


def _types(spec: Mapping[str, Any]) -> list[str]:
    """The directions that the policy names; by default Ingress, and Egress if it has egress rules."""
    return spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def policy_rules(policy: Policy, direction: Direction) -> list[Mapping[str, Any]]:
    """A policy's rules for one direction."""
    return list(policy["spec"].get(direction.lower()) or ())


def _admits(policy: Policy, rule: Mapping[str, Any], direction: Direction, other: FlowEnd, port: _TargetPort) -> bool:
    """Whether a rule admits the flow. A rule without peers admits all peers, one without ports all ports."""
    peers = rule.get("from" if direction == "Ingress" else "to") or ()
    ports = rule.get("ports") or ()
    return (not peers or any(_is_peer(policy, peer, other) for peer in peers)) and (
        not ports or any(_is_port(each, port) for each in ports)
    )


def _is_peer(policy: Policy, peer: Mapping[str, Any], end: FlowEnd) -> bool:
    if peer.get("ipBlock") is not None:
        return _in_block(peer["ipBlock"], end.ip)
    if not end.is_pod:
        return False
    if peer.get("namespaceSelector") is not None:
        if not selector(peer["namespaceSelector"]).selects(end.namespace_labels):
            return False
    elif end.namespace != policy["metadata"]["namespace"]:
        return False
    return selector(peer.get("podSelector")).selects(end.labels)


def _in_block(block: Mapping[str, Any], ip: str | None) -> bool:
    if ip is None:
        return False
    address = ip_address(ip)

    def within(cidr: str) -> bool:
        return address in ip_network(cidr, strict=False)

    return within(block["cidr"]) and not any(within(cidr) for cidr in block.get("except") or ())


def _is_port(entry: Mapping[str, Any], port: _TargetPort) -> bool:
    if entry.get("protocol", "TCP") != port.protocol:
        return False
    first = entry.get("port")
    if first is None:
        return True
    if isinstance(first, str) and not first.isdecimal():
        return port.target.ports.get((first, port.protocol)) == port.number
    return int(first) <= port.number <= int(entry.get("endPort") or first)


def _name(policy: Policy) -> str:
    return f"{policy['metadata']['namespace']}/{policy['metadata']['name']}"
