"""firewalld's rich rules, as it writes them: firewalld.richlanguage(5).

What counts here is whom a rule concerns. `everybody` is met by a rule that holds for any client by IPv4, which
labs use; `anybody` by one that holds for a stranger in one family at least, under whatever further condition.
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
    few: bool = False  # it names its clients: none that is not among them is concerned
    but: bool = False  # it names those that are not concerned
    partly: bool = False  # only at some addresses of the machine's, from some ports, or so many a minute
    service: str | None = None
    port: str | None = None  # "80/tcp", "8000-8010/tcp"
    protocol: str | None = None  # every port of it

    def concerns(self, family: str, view: View) -> bool:
        """Whether a stranger in this family is concerned (`everybody`: and so is any other client)."""
        if self.few or self.family not in (None, family):
            return False
        # A refusal with exceptions is one all the same; what is refused only partly is let in partly.
        if self.partly:
            return self.accepts is (view == "anybody")
        return not (self.but and self.accepts and view == "everybody")


def parse_rule(text: str) -> Rule | None:
    """The rule, or None for one that has nothing to do with who comes in at which port."""
    parts = _parts(text)
    action = next((name for name in parts if name in _ACTIONS), None)
    if action is None or parts.keys() & _WITHOUT_PORTS:
        return None
    source, destination = _Place.of(parts.get("source")), _Place.of(parts.get("destination"))
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
    """The rule's elements in order, each with its attributes; a limit is one of what it limits."""
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
class _Place:
    """A source or a destination."""

    named: bool = False  # it is not all there is
    but: bool = False
    family: str | None = None

    @classmethod
    def of(cls, attributes: Attributes | None) -> _Place:
        if not attributes:
            return cls()
        but = attributes.get("invert", "").lower() in ("true", "yes", "1")
        try:
            network = ip_network(attributes.get("address", ""), strict=False)
        except ValueError:  # a MAC address, an ipset
            return cls(True, but)
        return cls(network.prefixlen > 0 or but, but, f"ipv{network.version}")
