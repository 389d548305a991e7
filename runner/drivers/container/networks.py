"""An attempt's own networks: small explicit subnets, fixed addresses, names in /etc/hosts.

The engine's default address pools hold 28 networks; /28 subnets of one /16 make 4,096.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.drivers.base.plan import Plan

if TYPE_CHECKING:
    from rung.runner.lab.model import MachineSpec

POOL = ipaddress.ip_network("10.213.0.0/16")
PREFIX = 28
SHARED = "lab"  # the network of machines that name no network


def networks_of(plan: Plan) -> dict[str, list[MachineSpec]]:
    """Network name -> its machines; empty for one machine that names no network."""
    members: dict[str, list[MachineSpec]] = {}
    for spec in plan.machines:
        alone = len(plan.machines) == 1 and not spec.networks and "internet" not in plan.capabilities
        for name in [] if alone else spec.networks or [SHARED]:
            members.setdefault(name, []).append(spec)
    return members


def addresses(subnet: str, machines: Sequence[MachineSpec]) -> dict[str, str]:
    """Machine name -> its fixed address: .2, .3, ... in the lab's order (.1 is the bridge's)."""
    hosts = list(ipaddress.ip_network(subnet).hosts())
    if len(machines) > len(hosts) - 1:
        raise ValueError(f"{len(machines)} machines do not fit into {subnet}")
    return {spec.name: str(hosts[1 + i]) for i, spec in enumerate(machines)}


def hardware_address(address: str) -> str:
    """The MAC address that belongs to an IPv4 address. Some engines assign a new one at each restart, and peers would
    send to the old one for most of a minute."""
    return "02:42:" + ":".join(f"{byte:02x}" for byte in ipaddress.IPv4Address(address).packed)


def candidates(key: str, taken: Sequence[str]) -> Iterator[str]:
    """Free subnets for a network, beginning at a place in the pool that depends on its key: two attempts that begin at
    the same time seldom try the same subnet."""
    pieces = 1 << (PREFIX - POOL.prefixlen)
    first = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % pieces
    used = [ipaddress.ip_network(t, strict=False) for t in taken]
    base = int(POOL.network_address)
    for i in range(pieces):
        subnet = ipaddress.ip_network((base + ((first + i) % pieces << (32 - PREFIX)), PREFIX))
        if not any(u.version == 4 and subnet.overlaps(u) for u in used):
            yield str(subnet)


def host_routes(table: Path = Path("/proc/net/route")) -> list[str]:
    """Subnets that this computer already routes (empty where it has no such table)."""
    try:
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return []
    found = []
    for row in rows:
        address, mask = (int.from_bytes(bytes.fromhex(row[i]), "little") for i in (1, 7))
        if mask:
            found.append(str(ipaddress.ip_network((address, mask.bit_count()))))
    return found


def known_names(subnets: dict[str, str], members: dict[str, list[MachineSpec]], machine: str) -> dict[str, str]:
    """Name -> address for a machine's /etc/hosts: each peer by its address on a network that both are on.

    A machine on no network has its own name at 127.0.1.1, as Debian does.
    """
    names: dict[str, str] = {}
    own = [net for net, specs in members.items() if any(s.name == machine for s in specs)]
    for net in [*own, *members]:  # its own networks first
        for name, address in addresses(subnets[net], members[net]).items():
            names.setdefault(name, address)
    return names or {machine: "127.0.1.1"}
