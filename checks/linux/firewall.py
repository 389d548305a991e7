"""Kind `firewall`: what firewalld lets in."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from typing import Annotated

from pydantic import Field, StringConstraints

from rung.checks.core.machine import Machine
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.firewalld_dbus import (
    Configuration,
    FirewalldCallFailed,
    FirewalldNotRunning,
    NoSuchZone,
    Zone,
    default_zone,
)
from rung.checks.linux.tools.reasons import listed, yes_no

PortSpec = Annotated[str, StringConstraints(pattern=r"^\d{1,5}(-\d{1,5})?/(tcp|udp|sctp|dccp)$")]


@kind("firewall")
class Firewall(Expectation):
    """A firewalld zone, in the running configuration and in the permanent one."""

    firewall: str = Field(description='The zone, or "default" for the default zone.')
    services: list[str] = Field(default_factory=list, description="Services let in, by name or by all of their ports.")
    ports: list[PortSpec] = Field(
        default_factory=list,
        description='Ports let in, as "8081/tcp", by number or by a service that has them.',
    )
    lacks_services: list[str] = Field(
        default_factory=list, description="Services that neither a rule nor the target of the zone lets in."
    )
    lacks_ports: list[PortSpec] = Field(
        default_factory=list, description="Ports that neither a rule nor the target of the zone lets in."
    )
    sources: list[str] = Field(default_factory=list, description="Networks that are bound to the zone.")
    interfaces: list[str] = Field(default_factory=list, description="Interfaces that are bound to the zone.")
    default: bool | None = Field(None, description="Whether it is the default zone.")
    runtime: bool = Field(True, description="Ask the running configuration.")
    permanent: bool = Field(True, description="Ask the permanent configuration.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask firewalld over D-Bus for the zone, in each configuration."""
        try:
            default = default_zone(context.host)
            name = default if self.firewall == "default" else self.firewall
            if self.default is not None and (name == default) != self.default:
                yield expected(f"{name}: default zone", yes_no(self.default), f"the default zone is {default}")
            service_ports: dict[str, set[str]] = {}
            for configuration in self._configurations():
                yield from self._differences(context.host, name, configuration, service_ports)
        except FirewalldNotRunning:
            yield expected("firewalld", "running", "not running")
        except FirewalldCallFailed as error:
            yield expected("firewalld", "an answer from firewalld", error)

    def _configurations(self) -> Iterator[Configuration]:
        if self.runtime:
            yield "runtime"
        if self.permanent:
            yield "permanent"

    def _differences(
        self, host: Machine, name: str, configuration: Configuration, service_ports: dict[str, set[str]]
    ) -> Iterator[str]:
        subject = f"{name} ({configuration})"
        try:
            zone = Zone(host, name, configuration, service_ports)
        except NoSuchZone:
            yield expected(subject, "a zone of that name", "none")
            return
        yield from self._missing_openings(subject, zone)
        yield from self._unwanted_openings(subject, zone)
        missing = [s for s in self.sources if _network(s) not in map(_network, zone.bound("sources"))]
        if missing:
            yield expected(f"{subject}: sources", listed(missing), listed(zone.bound("sources")))
        missing = [i for i in self.interfaces if i not in zone.bound("interfaces")]
        if missing:
            yield expected(f"{subject}: interfaces", listed(missing), listed(zone.bound("interfaces")))

    def _missing_openings(self, subject: str, zone: Zone) -> Iterator[str]:
        missing = [s for s in self.services if not zone.admits_service(s)]
        if missing:
            yield expected(f"{subject}: services", listed(missing), listed(zone.services()))
        missing = [p for p in self.ports if not zone.admits_port(p)]
        if missing:
            yield expected(f"{subject}: ports", listed(missing), listed(zone.ports()))

    def _unwanted_openings(self, subject: str, zone: Zone) -> Iterator[str]:
        found = "target ACCEPT" if zone.open else listed([*zone.services("anybody"), *zone.ports("anybody")])
        for service in self.lacks_services:
            if zone.admits_service(service, "anybody"):
                yield expected(f"{subject}: services", f"no {service}", found)
        for port in self.lacks_ports:
            if zone.admits_port(port, "anybody"):
                yield expected(f"{subject}: ports", f"no {port}", found)

    def sentence(self) -> str:
        zone = "The default zone" if self.firewall == "default" else f"Zone {self.firewall}"
        phrases = [
            text
            for flag, text in (
                (bool(self.services or self.ports), f"lets in {listed([*self.services, *self.ports])}"),
                (
                    bool(self.lacks_services or self.lacks_ports),
                    f"does not let in {listed([*self.lacks_services, *self.lacks_ports])}",
                ),
                (bool(self.sources or self.interfaces), f"holds {listed([*self.sources, *self.interfaces])}"),
                (self.default is True, "is the default zone"),
                (self.default is False, "is not the default zone"),
            )
            if flag
        ]
        return f"{zone} {listed(phrases) if phrases else 'exists'}"

    def names(self) -> Iterable[str]:
        zone = [] if self.firewall == "default" else [self.firewall]
        ports = [p.partition("/")[0] for p in (*self.ports, *self.lacks_ports)]
        return [*zone, *self.services, *self.lacks_services, *ports, *self.sources, *self.interfaces]


def _network(text: str) -> object:
    """A source as a network; unchanged if it is none (a MAC address, `ipset:name`)."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return text
