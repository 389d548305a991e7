"""Making an attempt's networks and containers, not yet started."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rung.runner.drivers import Plan
from rung.runner.drivers.border import LABEL, engine_errors, object_name
from rung.runner.drivers.interrupts import unbroken
from rung.runner.drivers.networks import addresses, candidates, hardware_address, host_routes, known_names, networks_of
from rung.runner.drivers.options import Options
from rung.runner.errors import EnvironmentBroken

if TYPE_CHECKING:
    from docker import DockerClient

    from rung.runner.lab import MachineSpec

_TMPFS = {"/run": "mode=755,exec", "/run/lock": "", "/tmp": "mode=1777,exec"}


def make_network(
    client: DockerClient,
    name: str,
    labels: Mapping[str, str],
    *,
    internal: bool = False,
    upper: bool = False,
    options: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Create a network on a small subnet that nothing else uses; the subnet.

    With `upper` the engine itself gives out addresses of its upper half only. Raises EnvironmentBroken where
    none is free or the engine refuses.
    """
    import docker.errors
    from docker.types import IPAMConfig, IPAMPool

    for subnet in candidates(name, [*host_routes(), *_taken(client)]):
        half = str(list(ipaddress.ip_network(subnet).subnets())[1]) if upper else None
        try:
            with unbroken():
                client.api.create_network(
                    name,
                    driver="bridge",
                    ipam=IPAMConfig(pool_configs=[IPAMPool(subnet=subnet, iprange=half)]),
                    internal=internal,
                    options=dict(options) or None,
                    labels=dict(labels),
                    check_duplicate=True,
                )
        except docker.errors.APIError as error:
            # Another attempt took it a moment ago.
            if "overlap" in str(error).lower() or "already used" in str(error).lower():
                continue
            with engine_errors(f"creating network {name}"):
                raise
        return subnet
    raise EnvironmentBroken("No subnet of 10.213.0.0/16 is free.", fix="`rung stop --all` removes Rung's networks.")


def _taken(client: DockerClient) -> list[str]:
    with engine_errors("listing its networks"):
        networks = client.api.networks()
    pools = [pool for n in networks for pool in (n.get("IPAM", {}).get("Config") or [])]
    return [pool["Subnet"] for pool in pools if pool.get("Subnet")]


def _endpoint(address: str | None) -> dict[str, Any]:
    """How a machine is put on a network at an address."""
    return {} if address is None else {"ipv4_address": address, "mac_address": hardware_address(address)}


class Assembly:
    """One plan on its way into the engine; every object is labelled as it is made."""

    def __init__(self, client: DockerClient, facts: Any, plan: Plan, options: Options) -> None:
        self.client = client
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
        inside = "internet" not in self.plan.capabilities
        # Without an address of the host's on the bridge, the machines cannot reach the host either.
        alone = {"com.docker.network.bridge.inhibit_ipv4": "true"} if inside and self.facts.kind == "docker" else {}
        full = object_name(self.plan.attempt, name)
        self.subnets[name] = make_network(self.client, full, self.labels, internal=inside, options=alone)

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
        """Create a machine's container with an address on each network of `places` (name on the engine ->
        address; None: the engine gives it one), and `peers` (name -> address) in its /etc/hosts."""
        api = self.client.api
        names = list(places)
        first = None
        if names:
            endpoint = api.create_endpoint_config(**_endpoint(places[names[0]]))
            first = api.create_networking_config({names[0]: endpoint})  # type: ignore[arg-type]
        container = object_name(self.plan.attempt, spec.name)
        with engine_errors(f"creating {spec.name}"), unbroken():
            api.create_container(
                image,
                name=container,
                hostname=spec.name,
                labels={**self.labels, **self._machine_labels(spec), **labels},
                environment={"RUNG_PREPARE": "exec"} if self.options.outside else {},
                host_config=self._host_config(spec, names[0] if names else "none", peers),
                networking_config=first,
                stop_signal="SIGRTMIN+3",
            )
            for name in names[1:]:
                api.connect_container_to_network(container, name, **_endpoint(places[name]))

    def _machine_labels(self, spec: MachineSpec) -> dict[str, str]:
        return {
            "rung.machine": spec.name,
            "rung.shell": str(spec.shell).lower(),
            "rung.login": spec.login,
            "rung.row": self.options.row.name,
            "rung.outside": str(self.options.outside).lower(),
        }

    def _host_config(self, spec: MachineSpec, network: str, peers: Mapping[str, str]) -> dict[str, Any]:
        config = self.client.api.create_host_config(
            cap_add=list(self.options.capabilities),
            security_opt=list(self.options.security),
            tmpfs=_TMPFS,
            network_mode=network,
            extra_hosts=dict(peers),
            restart_policy={"Name": "no"},
            **self._limits(spec),
        )
        return {**config, "CgroupnsMode": "private"}

    def _limits(self, spec: MachineSpec) -> dict[str, Any]:
        """Limits for which the engine's kernel has the controllers."""
        limits: dict[str, Any] = {}
        if self.facts.memory_limit:
            limits |= {"mem_limit": f"{spec.memory}m", "memswap_limit": f"{spec.memory}m"}
        if self.facts.cpu_limit:
            limits["nano_cpus"] = int(spec.cpus * 1_000_000_000)
        if self.facts.pids_limit:
            limits["pids_limit"] = spec.pids
        return limits
