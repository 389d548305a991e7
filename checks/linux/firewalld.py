"""What firewalld says of its zones, over D-Bus: some milliseconds, where firewall-cmd takes half a second."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from rung.checks.machine import Machine

Configuration = Literal["runtime", "permanent"]
_NAME = "org.fedoraproject.FirewallD1"
_PATH = "/org/fedoraproject/FirewallD1"
# Rules without a source, a family or a limit let in everything that a service or a port entry would.
_RULE = re.compile(r'rule (?:service name="([^"]+)"|port port="([\d-]+)" protocol="(\w+)") accept$')


class NotRunning(Exception):
    """firewalld does not run."""


class NoSuchZone(Exception):
    """The configuration that was asked has no zone of that name."""


class CannotAsk(Exception):
    """The question itself failed: its client's last words."""


def call(host: Machine, path: str, interface: str, method: str, *words: str) -> Any:
    """The answer of a method that takes words. Raises NotRunning, NoSuchZone, CannotAsk."""
    arguments = f" {'s' * len(words)}{' %s' * len(words)}" if words else ""
    command = f"busctl --json=short call {_NAME} {path} {_NAME}{interface} {method}{arguments}"
    result = host.run(command, *words)
    if result.ok:
        return json.loads(result.stdout)["data"][0]
    if "not provided by any" in result.stderr or "not activatable" in result.stderr:
        raise NotRunning
    if "INVALID_ZONE" in result.stderr:
        raise NoSuchZone
    raise CannotAsk((result.stderr.strip().splitlines() or [f"exit status {result.rc}"])[-1])


def default_zone(host: Machine) -> str:
    """The default zone's name."""
    return str(call(host, _PATH, "", "getDefaultZone"))


class Zone:
    """A zone of one of the two configurations."""

    def __init__(self, host: Machine, name: str, configuration: Configuration, known: dict[str, set[str]]) -> None:
        """Read it; `known` holds the ports of services that were asked for already, and gains more.

        Raises NotRunning, NoSuchZone, CannotAsk.
        """
        self._host = host
        self._known = known
        if configuration == "runtime":
            settings = call(host, _PATH, ".zone", "getZoneSettings2", name)
        else:
            path = call(host, f"{_PATH}/config", ".config", "getZoneByName", name)
            settings = call(host, path, ".config.zone", "getSettings2")
        self._settings = {key: value["data"] for key, value in settings.items()}
        rules = [m for r in self._settings.get("rules_str", []) if (m := _RULE.match(r))]
        self.services = sorted({*self._settings.get("services", []), *(m[1] for m in rules if m[1])})
        ports = [f"{port}/{protocol}" for port, protocol in self._settings.get("ports", [])]
        self.ports = sorted({*ports, *(f"{m[2]}/{m[3]}" for m in rules if m[2])})
        self.open = self._settings["target"] == "ACCEPT"

    def bound(self, to: Literal["sources", "interfaces"]) -> list[str]:
        """The networks or the interfaces that are bound to the zone."""
        return list(self._settings.get(to, []))

    def admits_service(self, name: str) -> bool:
        """Whether a service is let in, by its name or by all of its ports."""
        if self.open or name in self.services:
            return True
        ports = self._ports_of(name)
        return bool(ports) and all(map(self.admits_port, ports))

    def admits_port(self, port: str) -> bool:
        """Whether a port ("80/tcp", "8000-8010/tcp") is let in, by its number or by a service that has it."""
        return self.open or any(_covers(p, port) for p in self._opened())

    def _opened(self) -> Iterator[str]:
        yield from self.ports
        for service in self.services:
            yield from self._ports_of(service)

    def _ports_of(self, service: str) -> set[str]:
        if service not in self._known:
            self._known[service] = set()  # a service that includes itself ends here
            try:
                found = call(self._host, _PATH, "", "getServiceSettings2", service)
            except CannotAsk:  # firewalld does not know it
                return set()
            ports = {f"{port}/{protocol}" for port, protocol in found.get("ports", {}).get("data", [])}
            for included in found.get("includes", {}).get("data", []):
                ports |= self._ports_of(included)
            self._known[service] = ports
        return self._known[service]


def _covers(opened: str, wanted: str) -> bool:
    (low, high, protocol), (first, last, wanted_protocol) = _range(opened), _range(wanted)
    return protocol == wanted_protocol and low <= first and last <= high


def _range(port: str) -> tuple[int, int, str]:
    numbers, _, protocol = port.partition("/")
    low, _, high = numbers.partition("-")
    return int(low), int(high or low), protocol
