"""firewalld's zones, read over D-Bus: that takes some milliseconds, firewall-cmd half a second."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal

from rung.checks.core.machine import Machine
from rung.checks.linux.tools.rich_rules import FAMILIES, Rule, View, parse_rule

Configuration = Literal["runtime", "permanent"]
_NAME = "org.fedoraproject.FirewallD1"
_PATH = "/org/fedoraproject/FirewallD1"


class FirewalldNotRunning(Exception):
    """firewalld does not run."""


class NoSuchZone(Exception):
    """The configuration has no zone of that name."""


class FirewalldCallFailed(Exception):
    """The call itself failed; the message is the last line of the client's error output."""


def call_method(host: Machine, path: str, interface: str, method: str, *arguments: str) -> Any:
    """Call a D-Bus method with string arguments, and return its answer.

    Raises FirewalldNotRunning, NoSuchZone, FirewalldCallFailed.
    """
    signature = f" {'s' * len(arguments)}{' %s' * len(arguments)}" if arguments else ""
    command = f"busctl --json=short call {_NAME} {path} {_NAME}{interface} {method}{signature}"
    result = host.run(command, *arguments)
    if result.ok:
        return json.loads(result.stdout)["data"][0]
    if "not provided by any" in result.stderr or "not activatable" in result.stderr:
        raise FirewalldNotRunning
    if "INVALID_ZONE" in result.stderr:
        raise NoSuchZone
    raise FirewalldCallFailed((result.stderr.strip().splitlines() or [f"exit status {result.rc}"])[-1])


def default_zone(host: Machine) -> str:
    """The name of the default zone. Raises FirewalldNotRunning, FirewalldCallFailed."""
    return str(call_method(host, _PATH, "", "getDefaultZone"))


class Zone:
    """A zone in one of the two configurations."""

    def __init__(
        self, host: Machine, name: str, configuration: Configuration, service_ports: dict[str, set[str]]
    ) -> None:
        """Read the zone. `service_ports` caches the ports of services; zones of one check share it.

        Raises FirewalldNotRunning, NoSuchZone, FirewalldCallFailed.
        """
        self._host = host
        self._service_ports = service_ports
        if configuration == "runtime":
            settings = call_method(host, _PATH, ".zone", "getZoneSettings2", name)
        else:
            path = call_method(host, f"{_PATH}/config", ".config", "getZoneByName", name)
            settings = call_method(host, path, ".config.zone", "getSettings2")
        self._settings = {key: value["data"] for key, value in settings.items()}
        self.open = self._settings["target"] == "ACCEPT"
        entries = [Rule(name, True, service=name) for name in self._settings.get("services", [])]
        ports = [f"{port}/{protocol}" for port, protocol in self._settings.get("ports", [])]
        entries += [Rule(port, True, port=port) for port in ports]
        rules = [rule for text in self._settings.get("rules_str", []) if (rule := parse_rule(text))]
        # In firewalld's order: by priority, and at equal priority refusals first.
        self._rules = sorted([*rules, *entries], key=lambda rule: (rule.priority, rule.accepts))

    def bound(self, to: Literal["sources", "interfaces"]) -> list[str]:
        """The sources or the interfaces that are bound to the zone."""
        return list(self._settings.get(to, []))

    def admits_service(self, name: str, view: View = "everybody") -> bool:
        """Whether a service is let in, by its name or by all of its ports."""
        if ports := self._ports_of(name):
            return all(self.admits_port(port, view) for port in ports)
        return self._decided(lambda rule: rule.service == name or _covers_all_ports(rule), view)

    def admits_port(self, port: str, view: View = "everybody") -> bool:
        """Whether any rule lets in a port ("80/tcp") or every port of a range ("8000-8010/tcp")."""
        first, last, protocol = _range(port)
        edges = {e for low, high, _ in self._ranges(protocol) for e in (low, high + 1)} if last > first else set()
        numbers = {first, *(edge for edge in edges if first <= edge <= last)}
        return all(self._decided(partial(self._covers, number=n, protocol=protocol), view) for n in numbers)

    def services(self, view: View = "everybody") -> list[str]:
        """Names of the services that are let in and that a rule names, sorted."""
        return sorted(
            {r.service for r in self._rules if r.accepts and r.service and self.admits_service(r.service, view)}
        )

    def ports(self, view: View = "everybody") -> list[str]:
        """The ports that are let in and that a rule names, sorted, then rules that let in all ports."""
        named = sorted({r.port for r in self._rules if r.accepts and r.port and self.admits_port(r.port, view)})
        whole = [
            r.text
            for r in self._rules
            if r.accepts and _covers_all_ports(r) and any(r.concerns(f, view) for f in FAMILIES[view])
        ]
        return named + whole

    def _decided(self, covers: Callable[[Rule], bool], view: View) -> bool:
        """Whether the first matching rule, else the zone's target, lets in clients of at least one family."""
        first = (
            next((r.accepts for r in self._rules if r.concerns(family, view) and covers(r)), self.open)
            for family in FAMILIES[view]
        )
        return any(first)

    def _covers(self, rule: Rule, number: int, protocol: str) -> bool:
        if _covers_all_ports(rule):
            return rule.protocol in (None, protocol)
        return any(low <= number <= high for low, high, kind in self._ranges_of(rule) if kind == protocol)

    def _ranges(self, protocol: str) -> Iterator[tuple[int, int, str]]:
        return (found for rule in self._rules for found in self._ranges_of(rule) if found[2] == protocol)

    def _ranges_of(self, rule: Rule) -> Iterator[tuple[int, int, str]]:
        named = [rule.port] if rule.port else []
        return map(_range, named + sorted(self._ports_of(rule.service) if rule.service else ()))

    def _ports_of(self, service: str) -> set[str]:
        if service not in self._service_ports:
            self._service_ports[service] = set()  # ends the recursion of a service that includes itself
            try:
                found = call_method(self._host, _PATH, "", "getServiceSettings2", service)
            except FirewalldCallFailed:  # firewalld does not know the service
                return set()
            ports = {f"{port}/{protocol}" for port, protocol in found.get("ports", {}).get("data", [])}
            for included in found.get("includes", {}).get("data", []):
                ports |= self._ports_of(included)
            self._service_ports[service] = ports
        return self._service_ports[service]


def _covers_all_ports(rule: Rule) -> bool:
    """Whether a rule covers all ports (of a protocol)."""
    return rule.service is None and rule.port is None


def _range(port: str) -> tuple[int, int, str]:
    """First port, last port, protocol."""
    numbers, _, protocol = port.partition("/")
    low, _, high = numbers.partition("-")
    return int(low), int(high or low), protocol
