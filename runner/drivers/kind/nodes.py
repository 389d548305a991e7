"""The nodes of a cluster as machines: containers that kind created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.checks.core.machine import Machine
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.polling import poll
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
_UNTOLD = f"The control plane does not say how to reach its API: {_ADMIN} is missing or is no kubeconfig."
_AGAIN = "`rung reset` begins the lab again on another cluster; `rung stop` ends it."
# Without this, containerd waits for a name server that does not answer, nearly a minute at each pull.
_NO_REGISTRY = """
mkdir -p /etc/containerd/certs.d/_default
echo '# No registry is reachable from here: a port without a listener refuses at once.
server = "http://127.0.0.1:9"' > /etc/containerd/certs.d/_default/hosts.toml
"""
_KUBECTL = f"kubectl --kubeconfig {_ADMIN}"


class Nodes:
    """Starts, stops and enters nodes; each has its name in the cluster (`controlplane`, `node01`)."""

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
        """Name -> node as checks see it; the channels are closed at the end of the block."""
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
        except (yaml.YAMLError, LookupError, TypeError) as error:  # in some labs the learner edits the file
            raise EnvironmentBroken(_UNTOLD, fix=_AGAIN) from error

    # -- up and down

    def reboot(self, cluster: str, node: str) -> None:
        """Stop a node, start it, and wait until it has booted, for 120 s at most.

        The kubelet, and the API of the control plane, take some seconds more; the learner may have broken them.
        """
        name = container_name(cluster, node)
        with engine_errors(f"stopping {node}"):
            self.engine.stop(name, _STOP_SECONDS)
        self._start(cluster, node)

    def start(self, cluster: str) -> list[str]:
        """Start the nodes that have stopped, the control plane first; the names of those started."""
        found = self.clusters.find(cluster)
        nodes = found.nodes if found else ()
        stopped = [n.name for n in nodes if n.state == "stopped"]
        for name in stopped:
            self._start(cluster, name)
        if stopped:  # another process may have started some, too
            with self.machines(cluster, [n.name for n in nodes]) as machines:
                know_peers(machines, self.clusters.addresses(cluster))
        return stopped

    def pause(self, cluster: str) -> None:
        """Freeze the nodes."""
        self._each(cluster, "running", "pausing", self.engine.pause)

    def resume(self, cluster: str) -> None:
        """Undo `pause`, and start the nodes that have stopped."""
        self._each(cluster, "paused", "resuming", self.engine.unpause)
        self.start(cluster)

    def stop(self, cluster: str) -> None:
        """Stop the nodes, the control plane last, so that it records that the others stopped."""
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
            if not poll(lambda: self._has_booted(machines[node]), _BACK_SECONDS, 0.2):
                return  # the learner may have broken it: it is graded as it is
            know_peers(machines, self.clusters.addresses(cluster))

    @staticmethod
    def _has_booted(machine: Machine) -> bool:
        """Whether a node has booted, whether or not its kubelet runs."""
        try:
            state = machine.run("systemctl is-system-running", timeout=5).stdout.strip()
        except (MachineGone, CommandTimeout):
            return False
        return state in ("running", "degraded")

    # -- what is added

    def serve_metrics(self, cluster: str, api: Cluster) -> None:
        """Install the metrics server, and wait until it has metrics of every node."""
        with self.machines(cluster, [CONTROL_PLANE]) as machines:
            result = machines[CONTROL_PLANE].run(f"{_KUBECTL} apply -f {_METRICS}", timeout=30)
        if result.rc != 0:
            raise EnvironmentBroken(f"The metrics server cannot be installed: {result.stderr.strip()}")
        with api_errors("the metrics server was installed"):
            nodes = len(api.list("Node"))
        if not poll(lambda: _measured(api) >= nodes, _BACK_SECONDS, 0.5):
            raise EnvironmentBroken("The metrics server has no metrics of the nodes.")


def know_no_registry(nodes: Mapping[str, Machine]) -> None:
    """Make pulls of missing images fail at once on nodes without internet. Raises EnvironmentBroken."""
    for node in nodes.values():
        check_output(node, _NO_REGISTRY)


def with_server(kubeconfig: str, server: str) -> str:
    """The certificates and the token of a kubeconfig of one cluster, with another address of its server.

    Nothing else is kept: a learner who is root on the node may have edited the file, and a program or a path that it
    names would be one of this computer. Raises LookupError and TypeError for what is no kubeconfig.
    """
    import yaml

    found = yaml.safe_load(kubeconfig)
    cluster, user = found["clusters"][0]["cluster"], found["users"][0]["user"]
    kept: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "admin",
        "contexts": [{"name": "admin", "context": {"cluster": "admin", "user": "admin"}}],
        "clusters": [{"name": "admin", "cluster": {**_only(cluster, "certificate-authority-data"), "server": server}}],
        "users": [{"name": "admin", "user": _only(user, "client-certificate-data", "client-key-data", "token")}],
    }
    return yaml.safe_dump(kept, sort_keys=False)


def _only(entry: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: entry[key] for key in keys if key in entry}


def _measured(api: Cluster) -> int:
    """How many nodes the metrics API has metrics of."""
    try:
        answer: Mapping[str, Any] = api.raw("GET", "/apis/metrics.k8s.io/v1beta1/nodes").json()
    except (ApiRefused, ClusterGone):
        return 0
    return len(answer.get("items", []))
