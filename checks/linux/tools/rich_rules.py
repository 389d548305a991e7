"""firewalld's rich rules, see firewalld.richlanguage(5).

A check asks which clients a rule concerns. The view `everybody` takes only rules for all IPv4 clients, which labs
use; the view `anybody` takes rules for an unnamed client in at least one family, under any further condition.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

View = Literal["everybody", "anybody"]
FAMILIES: dict[View, tuple[str, ...]] = {"everybody": ("ipv4",), "anybody": ("ipv4", "ipv6")}
_ACTIONS = {"accept": True, "reject": False, "drop": False}
_WITHOUT_PORTS = {"icmp-block", "icmp-type", "masquerade", "forward-port", "tcp-mss-clamp"}

Attributes = dict[str, str]


@dataclass(frozen=True)
class Rule:
    """One rule that accepts or refuses."""

    text: str
    accepts: bool
    family: str | None = None
    priority: int = 0
    few: bool = False  # it concerns only the clients that it names
    but: bool = False  # it concerns all but the clients that it names
    partly: bool = False  # only at some addresses of the machine, from some ports, or up to a rate
    service: str | None = None
    port: str | None = None  # "80/tcp", "8000-8010/tcp"
    protocol: str | None = None  # all ports of it

    def concerns(self, family: str, view: View) -> bool:
        """Whether the rule concerns an unnamed client in this family (view `everybody`: every client)."""
        if self.few or self.family not in (None, family):
            return False
        # A refusal with exceptions still refuses strangers; a partial refusal lets some connections in.
        if self.partly:
            return self.accepts is (view == "anybody")
        return not (self.but and self.accepts and view == "everybody")


def parse_rule(text: str) -> Rule | None:
    """Parse a rule; None if it does not decide who reaches which port."""
    parts = _parts(text)
    action = next((name for name in parts if name in _ACTIONS), None)
    if action is None or parts.keys() & _WITHOUT_PORTS:
        return None
    source, destination = _Endpoint.of(parts.get("source")), _Endpoint.of(parts.get("destination"))
    port, head, from_port = parts.get("port"), parts.get("rule", {}), parts.get("source-port")
    return Rule(
        text=text,
        accepts=_ACTIONS[action],
        family=head.get("family") or source.family or destination.family,
        priority=int(head.get("priority", "0")),
        few=source.named and not source.but,
        but=source.named and source.but,
        partly=destination.named or "limit" in parts[action] or from_port is not None,
        service=parts.get("service", {}).get("name"),
        port=f"{port['port']}/{port['protocol']}" if port else None,
        protocol=(from_port or {}).get("protocol") or parts.get("protocol", {}).get("value"),
    )


def _parts(text: str) -> dict[str, Attributes]:
    """The rule's elements in order, each with its attributes; a limit is an attribute of what it limits."""
    parts: dict[str, Attributes] = {}
    current: Attributes = {}
    limited = False
    for word in shlex.split(text):
        key, is_attribute, value = word.partition("=")
        if is_attribute:
            current["limit" if limited else key] = value
        elif word == "limit":
            limited = True
        elif word.lower() == "not":
            current["invert"] = "true"
        else:
            limited = False
            current = parts.setdefault(word, {})
    return parts


@dataclass(frozen=True)
class _Endpoint:
    """A source or a destination of a rule."""

    named: bool = False  # it is restricted to some addresses
    but: bool = False  # all addresses but those named
    family: str | None = None

    @classmethod
    def of(cls, attributes: Attributes | None) -> _Endpoint:
        """The endpoint that an element's attributes describe; None for an element that the rule lacks."""
        if not attributes:
            return cls()
        but = attributes.get("invert", "").lower() in ("true", "yes", "1")
        try:
            network = ip_network(attributes.get("address", ""), strict=False)
        except ValueError:  # a MAC address, an ipset
            return cls(True, but)
        return cls(network.prefixlen > 0 or but, but, f"ipv{network.version}")
