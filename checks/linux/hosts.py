"""Kinds `lookup`, `hostname` and `interface`: names and addresses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("lookup")
class Lookup(Expectation):
    """What a name resolves to on the machine."""

    lookup: str = Field(description="The name.")
    address: str | None = Field(None, description="The only address (of its family) that it resolves to.")
    addresses: list[str] = Field(default_factory=list, description="Addresses that are among the answers.")
    canonical: str | None = Field(None, description="The canonical name.")
    database: Literal["hosts", "dns"] | None = Field(
        None, description="Ask only /etc/hosts or only DNS; default all sources, as programs do."
    )


@kind("hostname")
class Hostname(Expectation):
    """The machine's host name, both now and in /etc/hostname."""

    hostname: str = Field(description="The name.")


@kind("interface")
class Interface(Expectation):
    """A network interface: addresses, default gateway, name servers."""

    interface: str = Field(description="The interface's name.")
    up: bool | None = Field(None, description="Whether it is up.")
    addresses: list[str] = Field(
        default_factory=list, description="Addresses that it has; one without /PREFIX fits any prefix."
    )
    lacks: list[str] = Field(default_factory=list, description="Addresses that it must not have.")
    gateway: str | None = Field(None, description="Gateway of a default route through it.")
    nameservers: list[str] = Field(default_factory=list, description="Name servers that the resolver asks.")
