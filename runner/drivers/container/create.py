"""Creates an attempt's networks and containers, without starting them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rung.runner.core.errors import EngineRefused, EnvironmentBroken
from rung.runner.core.signals import defer_signals
from rung.runner.drivers.base.error_texts import is_subnet_taken
from rung.runner.drivers.base.labels import LABEL, object_name
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.container.networks import (
    addresses,
    candidates,
    hardware_address,
    host_routes,
    known_names,
    networks_of,
)
from rung.runner.drivers.container.privileges import Options
from rung.runner.engine.errors import engine_errors

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine
    from rung.runner.lab.model import MachineSpec

_TMPFS = {"/run": "mode=755,exec", "/run/lock": "", "/tmp": "mode=1777,exec"}


def make_network(
    engine: Engine,
    name: str,
    labels: Mapping[str, str],
    *,
    internal: bool = False,
    upper: bool = False,
    options: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Create a network on a small subnet that nothing else uses; returns the subnet.

    upper: the engine itself assigns addresses of the subnet's upper half only. Raises EnvironmentBroken where no subnet
    is free or the engine refuses.
    """
    config = {"Driver": "bridge", "Internal": internal, "Options": dict(options), "Labels": dict(labels)}
    for subnet in candidates(name, [*host_routes(), *_taken(engine)]):
        pool = {"Subnet": subnet}
        if upper:
            pool["IPRange"] = str(list(ipaddress.ip_network(subnet).subnets())[1])
        try:
            with engine_errors(f"creating network {name}"), defer_signals():
                engine.create_network(name, {**config, "IPAM": {"Driver": "default", "Config": [pool]}})
        except EngineRefused as error:
            if not is_subnet_taken(error):  # by an attempt that began at the same time
                raise
            continue
        return subnet
    raise EnvironmentBroken("No subnet of 10.213.0.0/16 is free.", fix="`rung stop --all` removes Rung's networks.")


def _taken(engine: Engine) -> list[str]:
    with engine_errors("listing its networks"):
        networks = engine.networks()
    pools = [pool for n in networks for pool in (n.get("IPAM", {}).get("Config") or [])]
    return [pool["Subnet"] for pool in pools if pool.get("Subnet")]


def endpoint_at(address: str, hardware: str | None) -> dict[str, Any]:
    """The engine's settings for a container on a network: its address, and its hardware (MAC) address."""
    endpoint: dict[str, Any] = {"IPAMConfig": {"IPv4Address": address}}
    return {**endpoint, "MacAddress": hardware} if hardware else endpoint


def _endpoint(address: str | None) -> dict[str, Any]:
    return {} if address is None else endpoint_at(address, hardware_address(address))


class Assembly:
    """Creates what a plan needs on the engine; every object is labelled as it is created."""

    def __init__(self, engine: Engine, facts: Any, plan: Plan, options: Options) -> None:
        self.engine = engine
        self.facts = facts
        self.plan = plan
        self.options = options
        self.members = networks_of(plan)
        self.subnets: dict[str, str] = {}

    @cached_property
    def labels(self) -> dict[str, str]:
        return {
            LABEL: self.plan.attempt,
            "rung.lab": self.plan.lab,
            "rung.path": self.plan.path,
            "rung.seed": str(self.plan.seed),
            "rung.digest": self.plan.digest,
            "rung.machines": str(len(self.plan.machines)),
        }

    def create_network(self, name: str) -> None:
        """Create one of the plan's networks on a subnet that nothing else uses."""
        internal = "internet" not in self.plan.capabilities
        # Without the host's address on the bridge, the machines cannot reach the host either.
        options = {"com.docker.network.bridge.inhibit_ipv4": "true"} if internal and self.facts.kind == "docker" else {}
        full = object_name(self.plan.attempt, name)
        self.subnets[name] = make_network(self.engine, full, self.labels, internal=internal, options=options)

    def create_machine(self, spec: MachineSpec, image: str) -> None:
        """Create a machine's container on its networks, which exist."""
        places: dict[str, str | None] = {
            object_name(self.plan.attempt, net): addresses(self.subnets[net], specs)[spec.name]
            for net, specs in self.members.items()
            if spec in specs
        }
        self.create_at(spec, image, places, known_names(self.subnets, self.members, spec.name))

    def create_at(
        self,
        spec: MachineSpec,
        image: str,
        places: Mapping[str, str | None],
        peers: Mapping[str, str],
        labels: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Create a machine's container.

        places: network's name on the engine -> the machine's address there (None: the engine assigns one).
        peers: name -> address, for its /etc/hosts. labels: besides those of every machine.
        """
        names = list(places)
        config = {
            "Image": image,
            "Hostname": spec.name,
            "Labels": {**self.labels, **self._machine_labels(spec), **labels},
            "Env": ["RUNG_PREPARE=exec"] if self.options.outside else [],
            "StopSignal": "SIGRTMIN+3",
            "HostConfig": self._host_config(spec, names[0] if names else "none", peers),
            "NetworkingConfig": {"EndpointsConfig": {name: _endpoint(places[name]) for name in names[:1]}},
        }
        container = object_name(self.plan.attempt, spec.name)
        with engine_errors(f"creating {spec.name}"), defer_signals():
            self.engine.create_container(container, config)
            for name in names[1:]:
                self.engine.connect(name, container, _endpoint(places[name]))

    def _machine_labels(self, spec: MachineSpec) -> dict[str, str]:
        return {
            "rung.machine": spec.name,
            "rung.shell": str(spec.shell).lower(),
            "rung.login": spec.login,
            "rung.row": self.options.row.name,
            "rung.outside": str(self.options.outside).lower(),
        }

    def _host_config(self, spec: MachineSpec, network: str, peers: Mapping[str, str]) -> dict[str, Any]:
        return {
            "CapAdd": list(self.options.capabilities),
            "SecurityOpt": list(self.options.security),
            "Tmpfs": _TMPFS,
            "NetworkMode": network,
            "ExtraHosts": [f"{name}:{address}" for name, address in peers.items()],
            "RestartPolicy": {"Name": "no"},
            "CgroupnsMode": "private",
            **({"Runtime": self.facts.runtime} if self.facts.runtime else {}),
            **self._limits(spec),
        }

    def _limits(self, spec: MachineSpec) -> dict[str, Any]:
        """The limits that the engine's kernel has controllers for."""
        limits: dict[str, Any] = {}
        if self.facts.memory_limit:
            limits["Memory"] = limits["MemorySwap"] = spec.memory << 20
        if self.facts.cpu_limit:
            limits["NanoCpus"] = int(spec.cpus * 1_000_000_000)
        if self.facts.pids_limit:
            limits["PidsLimit"] = spec.pids
        return limits
