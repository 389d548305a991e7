"""Whether NetworkPolicies allow a flow, evaluated as the API's documentation describes them. No I/O.

A flow has to be allowed at both ends. An end that no policy of that direction selects is open; one that some
select is closed but for what a rule of one of them admits.
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
class End:
    """One end of a flow: a pod (with a namespace), or an address outside of the cluster."""

    name: str
    ip: str | None = None
    namespace: str | None = None
    labels: Labels = field(default_factory=dict)
    namespace_labels: Labels = field(default_factory=dict)
    ports: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (name, protocol) -> number
    host_network: bool = False  # then policies select it neither as their subject nor as a peer

    @property
    def is_pod(self) -> bool:
        return self.namespace is not None and not self.host_network


@dataclass(frozen=True)
class FlowVerdict:
    """Whether a flow is allowed; which policies decided it, at which end."""

    allowed: bool
    direction: Direction | None = None
    policies: tuple[str, ...] = ()

    def __str__(self) -> str:
        word = "allowed" if self.allowed else "denied"
        if not self.policies:
            return f"{word} (no policy selects either end)"
        return f"{word} ({self.direction} by {', '.join(self.policies)})"


def judge(policies: Iterable[Policy], source: End, target: End, port: int | str, protocol: str = "TCP") -> FlowVerdict:
    """Whether `source` may reach that port of `target`; a port's name is looked up at the target.

    Raises ValueError where the target declares no port of that name.
    """
    number = port if isinstance(port, int) else target.ports.get((port, protocol))
    if number is None:
        raise ValueError(f"{target.name} declares no port `{port}` ({protocol})")
    policies = list(policies)
    leaving = _at_end(policies, "Egress", source, target, target, number, protocol)
    arriving = _at_end(policies, "Ingress", target, source, target, number, protocol)
    denied = [verdict for verdict in (leaving, arriving) if not verdict.allowed]
    named = [verdict for verdict in (arriving, leaving) if verdict.policies]
    return (denied or named or [FlowVerdict(True)])[0]


def _at_end(
    policies: list[Policy], direction: Direction, own: End, other: End, target: End, port: int, protocol: str
) -> FlowVerdict:
    """What the policies that select `own` say of a flow from or to `other`."""
    here = [p for p in policies if selects(p, direction, own)]
    if not here:
        return FlowVerdict(True)
    admitting = [
        p for p in here if any(_admits(p, r, direction, other, target, port, protocol) for r in rules(p, direction))
    ]
    return FlowVerdict(bool(admitting), direction, tuple(_name(p) for p in admitting or here))


def selects(policy: Policy, direction: Direction, end: End) -> bool:
    """Whether a policy limits this direction of a pod's flows."""
    spec = policy["spec"]
    return (
        end.is_pod
        and end.namespace == policy["metadata"]["namespace"]
        and direction in _types(spec)
        and selector(spec.get("podSelector")).selects(end.labels)
    )


def _types(spec: Mapping[str, Any]) -> list[str]:
    """Ingress always, and Egress where there are such rules, unless the policy says which."""
    return spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def rules(policy: Policy, direction: Direction) -> list[Mapping[str, Any]]:
    """A policy's rules for a direction."""
    return list(policy["spec"].get(direction.lower()) or ())


def _admits(
    policy: Policy, rule: Mapping[str, Any], direction: Direction, other: End, target: End, port: int, protocol: str
) -> bool:
    """Whether a rule admits the flow. Without peers it is for all peers, without ports for all ports."""
    peers = rule.get("from" if direction == "Ingress" else "to") or ()
    ports = rule.get("ports") or ()
    return (not peers or any(_is_peer(policy, peer, other) for peer in peers)) and (
        not ports or any(_is_port(each, target, port, protocol) for each in ports)
    )


def _is_peer(policy: Policy, peer: Mapping[str, Any], end: End) -> bool:
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


def _is_port(entry: Mapping[str, Any], target: End, port: int, protocol: str) -> bool:
    if entry.get("protocol", "TCP") != protocol:
        return False
    wanted = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str) and not wanted.isdecimal():
        return target.ports.get((wanted, protocol)) == port
    return int(wanted) <= port <= int(entry.get("endPort") or wanted)


def _name(policy: Policy) -> str:
    return f"{policy['metadata']['namespace']}/{policy['metadata']['name']}"
