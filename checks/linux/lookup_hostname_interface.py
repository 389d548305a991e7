"""Kinds `lookup`, `hostname` and `interface`: name resolution, host name and network addresses."""

import json
from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_interface
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from rung.checks.core.channel import UnexpectedExit
from rung.checks.core.machine import Machine
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import listed, no_answer, yes_no

_NOT_FOUND = 2  # getent's exit status for a name that no source knows
_SOURCES = {None: "getent", "hosts": "getent -s hosts:files", "dns": "getent -s hosts:dns"}


def _address(text: str) -> str:
    """`text` unchanged if it is an address. Raises ValueError, which says what is wrong with it."""
    ip_address(text)
    return text


def _prefixed(text: str) -> str:
    """`text` unchanged if it is an address with or without a prefix. Raises ValueError."""
    ip_interface(text)
    return text


Address = Annotated[str, AfterValidator(_address)]
Prefixed = Annotated[str, AfterValidator(_prefixed)]


@kind("lookup")
class Lookup(Expectation):
    """What a name resolves to on the machine."""

    lookup: str = Field(description="The name.")
    address: Address | None = Field(None, description="The only address (of its family) that it resolves to.")
    addresses: list[Address] = Field(default_factory=list, description="Addresses that the answer includes.")
    canonical: str | None = Field(None, description="The canonical name.")
    database: Literal["hosts", "dns"] | None = Field(
        None, description="Ask only /etc/hosts or only DNS; default all sources, as programs do."
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask getent, as programs resolve names."""
        # Not testinfra's `addr`: it has no canonical name, no order of the addresses, and cannot ask one source alone.
        result = context.host.run(f"{_SOURCES[self.database]} ahosts %s", self.lookup)
        if result.rc == _NOT_FOUND:
            yield expected(self.lookup, listed(self._wanted()) if self._wanted() else "an address", "none")
            return
        if not result.ok:
            yield no_answer(self.lookup, "getent", result)
            return
        lines = [line.split() for line in result.stdout.splitlines()]
        found = list(dict.fromkeys(words[0] for words in lines))
        yield from self._differences(found)
        canonical = next((words[2] for words in lines if len(words) > 2), "none")
        if self.canonical is not None and canonical.rstrip(".") != self.canonical.rstrip("."):
            yield expected(f"{self.lookup}: canonical name", self.canonical, canonical)

    def _wanted(self) -> list[str]:
        return [*([self.address] if self.address else []), *self.addresses]

    def _differences(self, found: list[str]) -> Iterator[str]:
        known = {ip_address(a.partition("%")[0]) for a in found}
        missing = [a for a in self.addresses if ip_address(a) not in known]
        if missing:
            yield expected(f"{self.lookup}: addresses", listed(missing), listed(found))
        if self.address is not None:
            want = ip_address(self.address)
            if {a for a in known if a.version == want.version} != {want}:
                yield expected(f"{self.lookup}: address", self.address, listed(found))

    def sentence(self) -> str:
        source = {None: "", "hosts": " by /etc/hosts", "dns": " by DNS"}[self.database]
        wanted = f" to {listed(self._wanted())}" if self._wanted() else ""
        return f"{self.lookup} resolves{wanted}{source}"

    def names(self) -> Iterable[str]:
        return [self.lookup, *([self.canonical] if self.canonical else [])]


@kind("hostname")
class Hostname(Expectation):
    """The machine's host name, both now and in /etc/hostname."""

    hostname: str = Field(description="The name.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask uname for the current name, and read /etc/hostname."""
        result = context.host.run("uname -n; cat /etc/hostname")
        current, *static = result.stdout.splitlines() or [""]
        names = [line.strip() for line in static if line.strip() and not line.lstrip().startswith("#")]
        if not current:
            yield no_answer("hostname: current", "uname", result)
        elif current != self.hostname:
            yield expected("hostname: current", self.hostname, current)
        if names[:1] != [self.hostname]:
            yield expected("hostname: /etc/hostname", self.hostname, names[0] if names else "none")

    def sentence(self) -> str:
        return f"The machine is called {self.hostname}, also after a restart"


@kind("interface")
class Interface(Expectation):
    """A network interface: addresses, default gateway, name servers."""

    interface: str = Field(description="The interface's name.")
    up: bool | None = Field(None, description="Whether it is up.")
    addresses: list[Prefixed] = Field(
        default_factory=list, description="Addresses that it has; without /PREFIX, any prefix fits."
    )
    lacks: list[Prefixed] = Field(default_factory=list, description="Addresses that it must not have.")
    gateway: Address | None = Field(None, description="Gateway of a default route through it.")
    nameservers: list[Address] = Field(default_factory=list, description="Name servers that the resolver asks.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask testinfra for state and routes and ip for addresses, and read resolv.conf."""
        try:
            link = context.host.interface(self.interface).link[-1]
        except UnexpectedExit as error:
            if "does not exist" in error.result.stderr:
                yield expected(self.interface, "an interface of that name", "none")
            else:
                yield no_answer(self.interface, "ip", error.result)
        else:
            yield from self._differences(context.host, link)

    def _differences(self, host: Machine, link: dict[str, Any]) -> Iterator[str]:
        up = "UP" in link["flags"] and link["operstate"] != "DOWN"
        if self.up is not None and up != self.up:
            yield expected(f"{self.interface}: up", yes_no(self.up), f"{yes_no(up)} ({link['operstate']})")
        if self.addresses or self.lacks:
            yield from self._address_reasons(host)
        if self.gateway is not None:
            yield from self._gateway_reasons(host, self.gateway)
        if self.nameservers:
            yield from self._nameserver_reasons(host)

    def _address_reasons(self, host: Machine) -> Iterator[str]:
        # Not testinfra's `interface.addresses`: they lack their prefixes.
        result = host.run("ip -j addr show dev %s", self.interface)
        if not result.ok:
            yield no_answer(self.interface, "ip", result)
            return
        link = json.loads(result.stdout)[-1]
        found = [f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"]]
        missing = [a for a in self.addresses if not any(_fits(a, f) for f in found)]
        if missing:
            yield expected(f"{self.interface}: addresses", listed(missing), listed(found))
        for address in self.lacks:
            if any(_fits(address, f) for f in found):
                yield expected(f"{self.interface}: addresses", f"no {address}", listed(found))

    def _gateway_reasons(self, host: Machine, gateway: str) -> Iterator[str]:
        family = {4: "inet", 6: "inet6"}[ip_address(gateway).version]
        try:
            routes = host.interface(self.interface, family).routes()
        except UnexpectedExit as error:
            yield no_answer(f"{self.interface}: gateway", "ip", error.result)
            return
        found = [route["gateway"] for route in routes if route["dst"] == "default" and "gateway" in route]
        if ip_address(gateway) not in [ip_address(f) for f in found]:
            yield expected(f"{self.interface}: gateway", gateway, listed(found))

    def _nameserver_reasons(self, host: Machine) -> Iterator[str]:
        # If resolv.conf names systemd-resolved itself, the second file holds the real servers.
        text = host.run("cat /etc/resolv.conf /run/systemd/resolve/resolv.conf").stdout
        lines = [line.split() for line in text.splitlines()]
        found = list(dict.fromkeys(words[1] for words in lines if words[:1] == ["nameserver"] and words[1:]))
        missing = [n for n in self.nameservers if n not in found]
        if missing:
            yield expected(f"{self.interface}: name servers", listed(missing), listed(found))

    def sentence(self) -> str:
        phrases = [
            text
            for flag, text in (
                (self.up is True, "is up"),
                (self.up is False, "is down"),
                (bool(self.addresses), f"has {listed(self.addresses)}"),
                (bool(self.lacks), f"does not have {listed(self.lacks)}"),
                (self.gateway is not None, f"leads to the default gateway {self.gateway}"),
                (bool(self.nameservers), f"uses the name servers {listed(self.nameservers)}"),
            )
            if flag
        ]
        return f"{self.interface} {listed(phrases) if phrases else 'exists'}"

    def names(self) -> Iterable[str]:
        gateway = [self.gateway] if self.gateway else []
        return [self.interface, *self.addresses, *self.lacks, *gateway, *self.nameservers]


def _fits(want: str, found: str) -> bool:
    """Whether two addresses are equal; if `want` has no prefix, any prefix fits."""
    if "/" in want:
        return ip_interface(want) == ip_interface(found)
    return ip_address(want) == ip_interface(found).ip
