"""Clusters as they exist on the engine: listed, created, removed.

A cluster is a network that bears Rung's label, and the containers that kind labels.
"""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rung.runner.core import processes
from rung.runner.core.errors import EngineRefused, EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.core.threads import for_each
from rung.runner.drivers.base.error_texts import is_port_taken
from rung.runner.drivers.base.labels import CLUSTER, KIND_LABEL, cluster_name
from rung.runner.drivers.base.plan import MachineState, SpareCluster
from rung.runner.drivers.cluster.kubeconfig_files import kubeconfig_file
from rung.runner.drivers.cluster.names import cluster_id, network_name, node_name
from rung.runner.drivers.container.create import endpoint_at, make_network
from rung.runner.drivers.container.driver import machine_state
from rung.runner.drivers.container.shell_channel import SHELL
from rung.runner.drivers.kind import lock
from rung.runner.drivers.kind.cluster_state import ClusterMarks
from rung.runner.drivers.kind.kind_cli import cluster_config, path_with_runtime, run_kind
from rung.runner.drivers.kind.lock import is_being_made
from rung.runner.engine.errors import engine_errors, gone

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine
    from rung.runner.engine.info import EngineFacts

# Labels on the cluster's network.
_NODES = "rung.nodes"  # how many nodes it is to have
_IMAGE = "rung.image"  # what they boot
_INTERNET = "rung.internet"  # present where they reach the internet
_MAKER = "rung.maker"  # the process that makes the cluster
_PORT_TRIES = 3
_LEAVE_SECONDS = 10.0
# Thaw a node's containers before it is removed: runc freezes a container while it creates it, and a frozen process
# cannot be killed, so the node would never end. The script stops kubelet and containerd (killed, they would be started
# again), gives running runc processes two seconds, and then thaws every cgroup.
THAW = """
b=/usr/lib/rung/busybox
$b kill -STOP $($b pidof kubelet containerd) 2> /dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do $b pidof runc > /dev/null || break; $b sleep 0.2; done
for state in $(find /sys/fs/cgroup -name freezer.state 2> /dev/null); do echo THAWED > "$state"; done
for freeze in $(find /sys/fs/cgroup -name cgroup.freeze 2> /dev/null); do echo 0 > "$freeze"; done
"""


@dataclass(frozen=True)
class ClusterExists:
    """A cluster, whole or in part."""

    id: str
    nodes: tuple[MachineState, ...]  # the control plane first
    expected: int
    image: str
    created: datetime
    maker: str  # the process that makes it, or made it
    internet: bool = False  # whether its nodes reach the internet

    @property
    def running(self) -> bool:
        return len(self.nodes) == self.expected and all(n.state == "running" for n in self.nodes)


class Clusters:
    """The clusters of one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.marks = ClusterMarks(engine)

    # -- asking

    def all(self) -> list[ClusterExists]:
        """Every cluster of ours of which anything exists, oldest first."""
        with engine_errors("listing clusters"):
            containers = self.engine.containers(KIND_LABEL)
            networks = self.engine.networks(CLUSTER)
        made = {n["Labels"][CLUSTER]: n for n in networks}
        nodes: dict[str, list[dict[str, Any]]] = {cluster: [] for cluster in made}
        for container in containers:
            if found := cluster_id(container["Labels"][KIND_LABEL]):
                nodes.setdefault(found, []).append(container)
        return sorted((_exists(c, nodes[c], made.get(c)) for c in nodes), key=lambda e: (e.created, e.id))

    def find(self, cluster: str) -> ClusterExists | None:
        """The cluster of that id."""
        return next((e for e in self.all() if e.id == cluster), None)

    def as_spare(self, cluster: ClusterExists) -> SpareCluster:
        """The cluster as `rung status` shows one that no attempt uses."""
        ready = cluster.running and self.marks.state(cluster.id) == "free"
        making = not ready and processes.is_alive(cluster.maker) and self.marks.note(cluster.id) is None
        return SpareCluster(cluster.id, cluster.nodes, cluster.created, ready, cluster.expected, making)

    def addresses(self, cluster: str) -> dict[str, str]:
        """Node -> its address on the cluster's network."""
        found = {}
        with engine_errors("asking for the nodes' addresses"):
            for container in self._containers(cluster):
                networks = container["NetworkSettings"]["Networks"]
                found[node_name(_name(container))] = networks[network_name(cluster)]["IPAddress"]
        return found

    def address(self, cluster: str, place: int) -> str:
        """The address at a place in the cluster's network, for a machine `base`."""
        with engine_errors("asking for the cluster's network"):
            network = self.engine.inspect_network(network_name(cluster))
        subnet = ipaddress.ip_network(network["IPAM"]["Config"][0]["Subnet"])
        return str(subnet.network_address + place)

    def _containers(self, cluster: str) -> list[dict[str, Any]]:
        return self.engine.containers(f"{KIND_LABEL}={cluster_name(cluster)}")

    # -- making

    def begin(self, nodes: int, image: str, *, internet: bool) -> str:
        """Create a new cluster's network, whose label makes the cluster exist from now on; the cluster's id."""
        cluster = secrets.token_hex(4)
        labels = {CLUSTER: cluster, _NODES: str(nodes), _IMAGE: image, _MAKER: str(processes.this_process())}
        labels |= {_INTERNET: "yes"} if internet else {}
        # An internal network would publish no port of the API server. Without masquerading, packets to the internet
        # get no answer.
        options = {} if internet else {"com.docker.network.bridge.enable_ip_masquerade": "false"}
        try:
            make_network(self.engine, network_name(cluster), labels, options=options, upper=True)
        except BaseException:
            with contextlib.suppress(EnvironmentBroken):
                self.remove(cluster)
            raise
        return cluster

    def create(
        self,
        program: str,
        cluster: str,
        nodes: Sequence[str],
        image: str,
        facts: EngineFacts,
        progress: Progress = silent,
    ) -> None:
        """Let kind create the cluster on its network, which exists. Raises EnvironmentBroken."""
        environment = {"KIND_EXPERIMENTAL_DOCKER_NETWORK": network_name(cluster), "DOCKER_HOST": self.engine.place.url}
        if facts.runtime:
            environment["PATH"] = path_with_runtime(facts.runtime)
        if facts.kind == "podman":
            environment |= {
                "KIND_EXPERIMENTAL_PROVIDER": "podman",
                "KIND_EXPERIMENTAL_PODMAN_NETWORK": network_name(cluster),
                "CONTAINER_HOST": self.engine.place.url,
            }
        kubeconfig_file(cluster).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The configuration goes through a pipe: a file would remain where Rung is killed.
        arguments = ["create", "cluster", "--name", cluster_name(cluster), "--image", image]
        arguments += ["--config", "-", "--kubeconfig", str(kubeconfig_file(cluster))]
        _retry_where_port_is_taken(
            lambda: run_kind(program, arguments, environment, progress, stdin=cluster_config(nodes))
        )
        kubeconfig_file(cluster).chmod(0o600)
        self._fix_addresses(cluster)

    def _fix_addresses(self, cluster: str) -> None:
        """Make each node's address permanent: nodes started in another order would swap addresses, and the API would
        not come back."""
        network = network_name(cluster)

        def fix(container: dict[str, Any]) -> None:
            endpoint = container["NetworkSettings"]["Networks"][network]
            name, hardware = _name(container), endpoint.get("MacAddress")
            self.engine.disconnect(network, name)
            self.engine.connect(network, name, endpoint_at(endpoint["IPAddress"], hardware))

        with engine_errors("fixing the nodes' addresses"):
            for_each(self._containers(cluster), fix)

    # -- removing

    def is_whole(self, cluster: str) -> bool:
        """Whether a cluster was completed and has all of its nodes."""
        found = self.find(cluster)
        return found is not None and len(found.nodes) == found.expected and self.marks.note(cluster) is not None

    def remove(self, cluster: str) -> None:
        """Remove everything of a cluster, after ending the process that makes it. Nothing to remove is no error."""
        found = self.find(cluster)
        if found is not None and is_being_made(cluster):
            processes.terminate(found.maker)
        until = time.monotonic() + _LEAVE_SECONDS
        while True:
            self.remove_nodes(cluster)
            try:
                with engine_errors("removing a cluster"):
                    gone(lambda: self.engine.remove_network(network_name(cluster)))
            except EngineRefused:
                # A container that a killed process had asked for may appear a moment later.
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                break
        kubeconfig_file(cluster).unlink(missing_ok=True)
        lock.forget(cluster)

    def remove_nodes(self, cluster: str) -> None:
        """Remove the nodes alone: `base` may still be on the network."""
        with engine_errors("removing nodes"):
            for_each(self._containers(cluster), self._remove_node)

    def _remove_node(self, container: dict[str, Any]) -> None:
        name = _name(container)
        if container["State"] == "paused":
            gone(lambda: self.engine.unpause(name))
        if container["State"] in ("running", "paused"):
            gone(lambda: self.engine.run(name, [*SHELL, "-c", THAW]))
        gone(lambda: self.engine.remove_container(container["Id"]))


def _retry_where_port_is_taken(create: Callable[[], None]) -> None:
    """Try up to three times: kind looks for a free port some time before it uses it."""
    for _ in range(_PORT_TRIES - 1):
        try:
            create()
        except EnvironmentBroken as error:
            if not is_port_taken(error):
                raise
        else:
            return
    create()


def _exists(cluster: str, containers: list[dict[str, Any]], network: dict[str, Any] | None) -> ClusterExists:
    nodes = sorted((_node(c) for c in containers), key=lambda n: (n.name != "controlplane", n.name))
    labels = network["Labels"] if network else {}
    if network:
        created = datetime.fromisoformat(network["Created"])
    else:
        created = datetime.fromtimestamp(min(c["Created"] for c in containers), UTC)
    return ClusterExists(
        id=cluster,
        nodes=tuple(nodes),
        expected=int(labels.get(_NODES, "0")),
        image=labels.get(_IMAGE, ""),
        created=created,
        maker=labels.get(_MAKER, ""),
        internet=_INTERNET in labels,
    )


def _node(container: dict[str, Any]) -> MachineState:
    return machine_state(container, node_name(_name(container)), shell=True, login="root")


def _name(container: dict[str, Any]) -> str:
    return str(container["Names"][0]).lstrip("/")
