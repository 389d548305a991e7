"""The nodes of a cluster as machines: containers that kind made."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.machine import CommandTimeout, Machine, MachineGone
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.threads import for_each
from rung.runner.drivers.base.plan import NOTHING
from rung.runner.drivers.cluster.base_machine import check_output, know_peers
from rung.runner.drivers.cluster.names import container_name
from rung.runner.drivers.cluster.readiness import api_errors
from rung.runner.drivers.container.shell_channel import ShellChannel
from rung.runner.drivers.container.shell_pool import ShellPool
from rung.runner.drivers.container.terminal import ExecTerminal, login
from rung.runner.drivers.kind.clusters import Clusters
from rung.runner.engine.errors import engine_errors
from rung.runner.lab.model import CONTROL_PLANE

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

_ADMIN = "/etc/kubernetes/admin.conf"
_METRICS = "/kind/manifests/metrics-server.yaml"
_STOP_SECONDS = 10
_BACK_SECONDS = 120.0
_UNTOLD = f"The control plane does not tell how its API is reached: {_ADMIN} is not there or is no kubeconfig."
_AGAIN = "`rung reset` begins the lab again on another cluster; `rung stop` ends it."
# Of a registry that cannot be asked, containerd would wait for the name server, for nearly a minute at each try.
_NO_REGISTRY = """
mkdir -p /etc/containerd/certs.d/_default
echo '# No registry can be reached from here: a port that nobody listens on says so at once.
server = "http://127.0.0.1:9"' > /etc/containerd/certs.d/_default/hosts.toml
"""
_KUBECTL = f"kubectl --kubeconfig {_ADMIN}"


class Nodes:
    """What can be done with single nodes; each is named as the cluster knows it (`controlplane`, `node01`)."""

    def __init__(self, engine: Engine, clusters: Clusters, shells: ShellPool) -> None:
        self.engine = engine
        self.clusters = clusters
        self._shells = shells

    def channel(self, cluster: str, node: str) -> ShellChannel:
        """A grader's channel to a node."""
        name = container_name(cluster, node)
        return ShellChannel(node, lambda: self._shells.open(name, node))

    @contextmanager
    def machines(self, cluster: str, nodes: Sequence[str]) -> Iterator[dict[str, Machine]]:
        """Nodes as checks see them, by name, until this is left."""
        channels = {name: self.channel(cluster, name) for name in nodes}
        try:
            yield {name: Machine(name, channel) for name, channel in channels.items()}
        finally:
            for channel in channels.values():
                channel.close()

    def put(self, cluster: str, node: str, archive: bytes, folder: str) -> None:
        """Unpack a tar archive below a folder of the node."""
        with engine_errors(f"copying files to {node}"):
            self.engine.put_archive(container_name(cluster, node), folder, archive)

    def terminal(
        self, cluster: str, node: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> ExecTerminal:
        """Log in on a node."""
        command = login(user, environment)
        with engine_errors(f"logging in to {node}"):
            return ExecTerminal(self.engine, container_name(cluster, node), node, command, rows, columns)

    def kubeconfig(self, cluster: str) -> str:
        """The administrator's kubeconfig, from the control plane, for this computer. Raises EnvironmentBroken."""
        import yaml

        name = container_name(cluster, CONTROL_PLANE)
        with self.machines(cluster, [CONTROL_PLANE]) as machines:
            text = machines[CONTROL_PLANE].text("cat %s", _ADMIN)
        with engine_errors("asking for the API server's port"):
            ports = (self.engine.inspect_container(name)["NetworkSettings"]["Ports"] or {}).get("6443/tcp")
        if text is None or not ports:
            raise EnvironmentBroken(_UNTOLD, fix=_AGAIN)
        try:
            return with_server(text, f"https://127.0.0.1:{ports[0]['HostPort']}")
        except (yaml.YAMLError, LookupError, TypeError) as error:  # a learner edits it in some labs
            raise EnvironmentBroken(_UNTOLD, fix=_AGAIN) from error

    # -- up and down

    def reboot(self, cluster: str, node: str) -> None:
        """Stop a node, start it, and wait until it has finished booting, for 120 s at most.

        Its kubelet and, of the control plane, the API need some seconds more; a learner may have broken them.
        """
        name = container_name(cluster, node)
        with engine_errors(f"stopping {node}"):
            self.engine.stop(name, _STOP_SECONDS)
        self._start(cluster, node)

    def start(self, cluster: str) -> list[str]:
        """Start the nodes that have stopped, the control plane first; names of those started."""
        found = self.clusters.find(cluster)
        nodes = found.nodes if found else ()
        stopped = [n.name for n in nodes if n.state == "stopped"]
        for name in stopped:
            self._start(cluster, name)
        if stopped:  # others may have been started by somebody else
            with self.machines(cluster, [n.name for n in nodes]) as machines:
                know_peers(machines, self.clusters.addresses(cluster))
        return stopped

    def pause(self, cluster: str) -> None:
        """Freeze the nodes."""
        self._each(cluster, "running", "pausing", self.engine.pause)

    def resume(self, cluster: str) -> None:
        """Let frozen nodes go on, and start those that have stopped."""
        self._each(cluster, "paused", "resuming", self.engine.unpause)
        self.start(cluster)

    def stop(self, cluster: str) -> None:
        """Stop the nodes, the control plane last, so that it hears what becomes of the others."""
        self._each(cluster, "paused", "resuming", self.engine.unpause)
        found = self.clusters.find(cluster)
        running = [n.name for n in found.nodes if n.state == "running"] if found else []
        for name in sorted(running, key=lambda name: name == CONTROL_PLANE):
            with engine_errors(f"stopping {name}"):
                self.engine.stop(container_name(cluster, name), _STOP_SECONDS)

    def _each(self, cluster: str, state: str, doing: str, verb: Any) -> None:
        found = self.clusters.find(cluster)
        names = [container_name(cluster, n.name) for n in found.nodes if n.state == state] if found else []
        with engine_errors(doing):
            for_each(names, verb)

    def _start(self, cluster: str, node: str) -> None:
        with engine_errors(f"starting {node}"):
            self.engine.start(container_name(cluster, node))
        with self.machines(cluster, [node]) as machines:
            until = time.monotonic() + _BACK_SECONDS
            while not self._back(machines[node]):
                if time.monotonic() > until:
                    return  # it is graded as it is: what does not come back is the learner's matter
                time.sleep(0.2)
            know_peers(machines, self.clusters.addresses(cluster))

    @staticmethod
    def _back(machine: Machine) -> bool:
        """Whether a node has finished booting, whatever became of its kubelet."""
        try:
            state = machine.run("systemctl is-system-running", timeout=5).stdout.strip()
        except (MachineGone, CommandTimeout):
            return False
        return state in ("running", "degraded")

    # -- what is added

    def serve_metrics(self, cluster: str, api: Cluster) -> None:
        """Install the metrics server, and wait until it has figures of every node."""
        with self.machines(cluster, [CONTROL_PLANE]) as machines:
            result = machines[CONTROL_PLANE].run(f"{_KUBECTL} apply -f {_METRICS}", timeout=30)
        if result.rc != 0:
            raise EnvironmentBroken(f"The metrics server cannot be installed: {result.stderr.strip()}")
        with api_errors("the metrics server was installed"):
            nodes = len(api.list("Node"))
        until = time.monotonic() + _BACK_SECONDS
        while _measured(api) < nodes:
            if time.monotonic() > until:
                raise EnvironmentBroken("The metrics server has no figures of the nodes.")
            time.sleep(0.5)


def know_no_registry(nodes: Mapping[str, Machine]) -> None:
    """Let nodes without a way to the internet say at once that an image cannot be pulled. Raises EnvironmentBroken."""
    for node in nodes.values():
        check_output(node, _NO_REGISTRY)


def with_server(kubeconfig: str, server: str) -> str:
    """A kubeconfig of one cluster, reached at another address."""
    import yaml

    found: dict[str, Any] = yaml.safe_load(kubeconfig)
    found["clusters"][0]["cluster"]["server"] = server
    return yaml.safe_dump(found, sort_keys=False)


def _measured(api: Cluster) -> int:
    """How many nodes the metrics API has figures of."""
    try:
        answer: Mapping[str, Any] = api.raw("GET", "/apis/metrics.k8s.io/v1beta1/nodes").json()
    except (ApiRefused, ClusterGone):
        return 0
    return len(answer.get("items", []))
