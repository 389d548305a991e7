"""Kind `firewall`: what firewalld lets in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from rung.checks.registry import Expectation, kind

PortSpec = Annotated[str, StringConstraints(pattern=r"^\d{1,5}(-\d{1,5})?/(tcp|udp|sctp|dccp)$")]


@kind("firewall")
class Firewall(Expectation):
    """A firewalld zone, in the running configuration and in the permanent one."""

    firewall: str = Field(description='The zone, or "default" for the default zone.')
    services: list[str] = Field(
        default_factory=list, description="Services let in, by name or by all of their ports."
    )
    ports: list[PortSpec] = Field(
        default_factory=list,
        description='Ports let in, as "8081/tcp", by number or by a service that has them.',
    )
    lacks_services: list[str] = Field(default_factory=list, description="Services that are not let in.")
    lacks_ports: list[PortSpec] = Field(default_factory=list, description="Ports that are not let in.")
    sources: list[str] = Field(default_factory=list, description="Networks that are bound to the zone.")
    interfaces: list[str] = Field(default_factory=list, description="Interfaces that are bound to the zone.")
    default: bool | None = Field(None, description="Whether it is the default zone.")
    runtime: bool = Field(True, description="Ask the running configuration.")
    permanent: bool = Field(True, description="Ask the permanent configuration.")
