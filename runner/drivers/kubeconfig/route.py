"""The route to a cluster's API server, from this computer and from the machine `base`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from rung.checks.cluster import ApiRefused, ClusterGone
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.checks.core.machine import Machine
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.base.plan import UserCluster

# Docker Desktop names the loopback address so for its own cluster.
_LOOPBACK = ("localhost", "kubernetes.docker.internal")
# The name of this computer in base's /etc/hosts, and the word that the engine replaces by its address.
_HOST, _GATEWAY = "host.docker.internal", "host-gateway"
_HOST_PODMAN = "host.containers.internal"  # Podman itself adds it to /etc/hosts
_ASK_SECONDS = 5


@dataclass(frozen=True)
class Route:
    """How `base` reaches an API server."""

    here: bool  # whether the server runs on this computer
    server: str  # the server's address for `base`
    network: str | None = None  # the engine's network that `base` joins; None: a new one, with access to the internet
    server_name: str | None = None  # the name in the server's certificate, where it is not the address
    peers: Mapping[str, str] = field(default_factory=dict)  # name -> address, for the /etc/hosts of `base`
    proxy: str | None = None  # the address, for `base`, of the proxy that the kubeconfig names


def route_to(
    server: str,
    containers: Sequence[Mapping[str, Any]],
    *,
    engine_here: bool = True,
    podman: bool = False,
    proxy: str | None = None,
) -> Route:
    """The route to the API server at an address. containers: what runs on the engine.

    A server on this computer's loopback is usually a node's published port: `base` then joins the node's network.
    engine_here: whether the engine runs on this computer; if not, its containers do not either.
    proxy: the proxy that leads there; where it leads to is not known here.
    """
    if proxy:
        return _through(proxy, server, engine_here=engine_here, podman=podman)
    parts = urlsplit(server)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if is_loopback(host):
        if not engine_here:
            return Route(True, server)
        for container, inside in _publishing(containers, port):
            for network, address in _networks(container):
                # The engine resolves names of containers on every network but `bridge`.
                called = address if network == "bridge" else _name(container)
                return Route(True, f"{parts.scheme}://{called}:{inside}{parts.path}", network, host)
        called, peers = _this_computer(podman=podman)
        return Route(True, f"{parts.scheme}://{called}:{port}{parts.path}", None, host, peers)
    for container in containers if engine_here else ():
        for network, address in _networks(container):
            if _same(host, address):
                return Route(True, server, network)
    return Route(False, server)


def _through(proxy: str, server: str, *, engine_here: bool, podman: bool) -> Route:
    """The route through a proxy, which `base` asks at another address if it listens on this computer."""
    parts = urlsplit(proxy)
    if not engine_here or not is_loopback(parts.hostname or ""):
        return Route(False, server, proxy=proxy)
    called, peers = _this_computer(podman=podman)
    login, at, _ = parts.netloc.rpartition("@")
    return Route(False, server, peers=peers, proxy=f"{parts.scheme}://{login}{at}{called}:{parts.port or 80}")


def _this_computer(*, podman: bool) -> tuple[str, dict[str, str]]:
    """The name of this computer for `base`, and what its /etc/hosts needs for that."""
    return (_HOST_PODMAN, {}) if podman else (_HOST, {_HOST: _GATEWAY})


def is_loopback(host: str) -> bool:
    """Whether a host is this computer itself. Names are not looked up: what they resolve to may change."""
    if host in _LOOPBACK or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def unreached(base: Machine) -> str | None:
    """Why `base` does not reach the cluster of its kubeconfig; None where it does."""
    command = f"kubectl --request-timeout={_ASK_SECONDS}s get --raw /version"
    try:
        result = base.run(command, timeout=4 * _ASK_SECONDS)
    except (CommandTimeout, MachineGone) as late:
        return str(late)
    if result.ok:
        return None
    lines = (result.stderr or result.stdout).strip().splitlines()
    return lines[-1] if lines else f"kubectl ended with status {result.rc}"


def _publishing(containers: Sequence[Mapping[str, Any]], port: int) -> Iterator[tuple[Mapping[str, Any], int]]:
    """(container, its own port) of those that publish a port of this computer."""
    for container in containers:
        for published in container.get("Ports") or ():
            if published.get("PublicPort") == port and published.get("Type", "tcp") == "tcp":
                yield container, int(published["PrivatePort"])
                break


def _networks(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(network, address) of a container; `bridge`, on which names are not resolved, last."""
    networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
    for name in sorted(networks, key=lambda n: (n == "bridge", n)):
        if networks[name].get("IPAddress"):
            yield name, str(networks[name]["IPAddress"])


def _name(container: Mapping[str, Any]) -> str:
    return str(container["Names"][0]).lstrip("/")


def _same(host: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(host) == ipaddress.ip_address(address)
    except ValueError:
        return False


@contextmanager
def asking(own: UserCluster) -> Iterator[None]:
    """Translate the errors of the user's cluster to EnvironmentBroken."""
    look = f"`kubectl --context {own.context} get nodes` tells more."
    try:
        yield
    except ClusterGone as gone:
        raise EnvironmentBroken(
            f"The cluster of context {own.context} does not answer at {own.server}: {gone.why}.", fix=look
        ) from gone
    except ApiRefused as refused:
        raise EnvironmentBroken(
            f"The cluster of context {own.context} refuses what the lab asks for: {refused.message}", fix=look
        ) from refused
