"""Driver `kind`: an attempt is a machine `base` on the network of a cluster, which may outlive the attempt.

A cluster used by a lab of scope `namespace` is cleaned up and serves the next lab; one used by a lab of scope `cluster`
is removed with the attempt. An attempt's labels are on `base`, as on every machine. The machines `base` on a cluster
show which attempts use it, and so does its own mark, which outlives them; both change under one lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rung.checks.cluster import Cluster
from rung.checks.core.channel import Channel
from rung.checks.core.machine import Machine
from rung.runner.core.progress import Progress, silent
from rung.runner.core.threads import submit
from rung.runner.drivers.base.labels import CLUSTER, LABEL, Inventory, inventory
from rung.runner.drivers.base.plan import NOTHING, AttemptInfo, MachineState, Plan, SpareCluster
from rung.runner.drivers.cluster import apply, base_machine
from rung.runner.drivers.cluster.capabilities import cluster_capabilities
from rung.runner.drivers.cluster.kubeconfig_files import keep_kubeconfig, kubeconfig_file
from rung.runner.drivers.cluster.readiness import api_errors, wait_until_settled
from rung.runner.drivers.container.channel_pool import ChannelPool
from rung.runner.drivers.container.driver import ContainerDriver, found_by_labels
from rung.runner.drivers.kind import snapshot
from rung.runner.drivers.kind.acquire import ClusterAcquisition
from rung.runner.drivers.kind.cluster_state import ClusterMark
from rung.runner.drivers.kind.clusters import ClusterExists, Clusters
from rung.runner.drivers.kind.kind_cli import kind_program
from rung.runner.drivers.kind.lock import making, one_at_a_time
from rung.runner.drivers.kind.nodes import Nodes, know_no_registry
from rung.runner.drivers.kind.ownership import Ownership
from rung.runner.drivers.kind.pool import ClusterPool
from rung.runner.drivers.kind.release import ClusterRelease
from rung.runner.images import build
from rung.runner.lab.model import BASE
from rung.runner.lab.model import ClusterSpec as Spec

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rung.runner.drivers.container.terminal import ExecTerminal
    from rung.runner.engine.connect import Engine


class KindDriver:
    """A `Driver` for labs on a cluster; also `Preloading`, `Clusters` and `Spares`."""

    name = "kind"

    def __init__(self, engine: Engine, machines: ContainerDriver | None = None) -> None:
        self.engine = engine
        self.machines = machines or ContainerDriver(engine)
        self.clusters = Clusters(engine)
        self.pool = ClusterPool(self.clusters)
        self.nodes = Nodes(engine, self.clusters, self.machines.shells)
        self.ownership = Ownership(engine)
        self.acquisition = ClusterAcquisition(self.pool, self.ownership, self.machines)
        self.ending = ClusterRelease(self.pool, self.ownership, self.machines, self.nodes, self._api)
        self._channels = ChannelPool()

    @classmethod
    def connect(cls, machines: ContainerDriver | None = None) -> KindDriver:
        """The driver on the engine of `machines`, else on the one that answers. Raises EngineGone."""
        machines = machines or ContainerDriver.connect()
        return cls(machines.engine, machines)

    def capabilities(self) -> Mapping[str, str | None]:
        return cluster_capabilities()

    def preload(self) -> None:
        self.machines.preload()

    def prewarm(self, attempt: str | None) -> None:
        self.machines.prewarm(attempt)

    # -- making ----------------------------------------------------------------------------------

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        assert plan.cluster is not None
        images = {}
        for image in ("node", BASE.image):
            progress("image", image)
            images[image] = build.ensure(image, self.engine, progress)
        program = kind_program(progress)
        cluster, new = self.acquisition.acquire(plan, images)
        with ThreadPoolExecutor(1) as pool:  # `base` boots while the cluster gets ready
            base = [pool.submit(self._boot, plan)]

            def configure() -> None:
                nodes = self._login_nodes(plan)
                ssh = submit(partial(base_machine.start_sshd, nodes))
                base.append(pool.submit(self._configure_base, plan, cluster, nodes, ssh))

            if not new:
                self.nodes.resume(cluster)  # an attempt that shares it may have halted it
                configure()
            else:
                self.ending.remove_abandoned(self.ending.beside)  # their memory is needed
                self._make(program, cluster, plan.cluster.nodes, images["node"], "used", progress, configure)
            progress("boot", BASE.name)
            for done in base:
                done.result()
        if "metrics" in plan.capabilities:
            progress("wait", "metrics")
            with self._api(cluster) as api:
                self.nodes.serve_metrics(cluster, api)

    def prepare(self, cluster: Spec, progress: Progress = silent) -> None:
        progress("image", "node")
        image = build.ensure("node", self.engine, progress)
        program = kind_program(progress)
        with one_at_a_time():
            self.pool.free(self.ownership.taken(), image)  # removes clusters that only take memory
        made = self.clusters.begin(len(cluster.nodes), image, internet=False)
        try:
            self._make(program, made, cluster.nodes, image, "free", progress)
        except BaseException:
            self.clusters.remove(made)
            raise

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        with self._api(self.ownership.cluster(attempt)) as api:
            return apply.create_all(api, manifests)

    def _make(
        self,
        program: str,
        cluster: str,
        nodes: Sequence[str],
        image: str,
        state: ClusterMark,
        progress: Progress,
        exists: Callable[[], None] = lambda: None,
    ) -> None:
        """Create a cluster's nodes on its network, wait until they are ready, and write its snapshot and its mark.

        exists: called when the nodes and the kubeconfig exist, while the cluster gets ready.
        """
        with making(cluster):
            self.clusters.create(program, cluster, nodes, image, self.machines.facts, progress)
            exists()
            progress("wait", "nodes and system pods")
            with self.nodes.machines(cluster, nodes) as machines:
                base_machine.know_peers(machines, self.clusters.addresses(cluster))
                found = self.clusters.find(cluster)
                if found is not None and not found.internet:
                    know_no_registry(machines)
            with self._api(cluster) as api:
                wait_until_settled(api, nodes)
                with api_errors("Rung took its snapshot"):
                    note = snapshot.take(api)
                self.clusters.marks.complete(cluster, note, state)

    def _boot(self, plan: Plan) -> None:
        outside = self.machines.options(plan.capabilities).outside
        self.machines.boot(plan.attempt, BASE, outside)

    def _login_nodes(self, plan: Plan) -> dict[str, Machine]:
        """The nodes that the learner may log in to from base."""
        assert plan.cluster is not None
        names = plan.cluster.nodes if plan.cluster.scope == "cluster" else ()
        return {name: Machine(name, self.channel(plan.attempt, name)) for name in names}

    def _configure_base(self, plan: Plan, cluster: str, nodes: Mapping[str, Machine], ssh: Future[str]) -> None:
        base = Machine(BASE.name, self.machines.channel(plan.attempt, BASE.name))
        base_machine.configure(base, self.clusters.addresses(cluster), self._kubeconfig(cluster).read_text())
        if nodes:
            base_machine.authorize_ssh(base, nodes, ssh.result())

    # -- removing --------------------------------------------------------------------------------

    def destroy(self, attempt: str) -> None:
        cluster = self.ownership.attempts().get(attempt)
        self._channels.close(attempt)
        if cluster is None:
            self.machines.destroy(attempt)
        else:
            self.ending.end(attempt, cluster)
        self.ownership.forget(attempt)

    def destroy_later(self, attempt: str) -> None:
        """If memory allows, the old cluster is paused and removed later, so that the learner waits only for the new
        one."""
        cluster = self.ownership.attempts().get(attempt)
        if cluster is not None and self.ending.abandon(attempt, cluster):
            self._channels.close(attempt)
            self.ownership.forget(attempt)
        else:
            self.destroy(attempt)

    def collect_garbage(self) -> None:
        self.ending.remove_abandoned()

    def spares(self) -> Sequence[SpareCluster]:
        return self.pool.spares(self.ownership.taken())

    def release(self, name: str) -> None:
        self.clusters.remove(name)

    # -- running ---------------------------------------------------------------------------------

    def reboot(self, attempt: str, machine: str) -> None:
        if machine == BASE.name:
            self.machines.reboot(attempt, machine)
        else:
            self.nodes.reboot(self.ownership.cluster(attempt), machine)

    def revive(self, attempt: str) -> list[str]:
        started = self.machines.revive(attempt)
        return [*self.nodes.start(self.ownership.cluster(attempt)), *started]

    def pause(self, attempt: str) -> None:
        self.machines.pause(attempt)
        self.nodes.pause(self.ownership.cluster(attempt))

    def resume(self, attempt: str) -> None:
        self.nodes.resume(self.ownership.cluster(attempt))
        self.machines.resume(attempt)

    def halt(self, attempt: str) -> None:
        self.nodes.stop(self.ownership.cluster(attempt))
        self.machines.halt(attempt)

    # -- asking ----------------------------------------------------------------------------------

    def attempts(self) -> Sequence[AttemptInfo]:
        return self.seen(inventory(self.engine))

    def seen(self, objects: Inventory) -> Sequence[AttemptInfo]:
        """The driver's attempts among what the engine lists."""
        bases = objects.of(CLUSTER).containers
        clusters = {c.id: c for c in self.clusters.all()} if bases else {}
        found = []
        for base in bases:
            attempt, cluster = base["Labels"][LABEL], base["Labels"][CLUSTER]
            self.ownership.remember(attempt, cluster)
            found.append(_with_nodes(found_by_labels(attempt, [base], []), clusters.get(cluster)))
        return sorted(found, key=lambda f: (f.created, f.attempt))

    def kubeconfig(self, attempt: str) -> Path:
        return self._kubeconfig(self.ownership.cluster(attempt))

    def channel(self, attempt: str, machine: str) -> Channel:
        if machine == BASE.name:
            return self.machines.channel(attempt, machine)
        cluster = self.ownership.cluster(attempt)
        return self._channels.get(attempt, machine, lambda: self.nodes.channel(cluster, machine))

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        if machine == BASE.name:
            self.machines.put(attempt, machine, archive, folder)
        else:
            self.nodes.put(self.ownership.cluster(attempt), machine, archive, folder)

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> ExecTerminal:
        if machine == BASE.name:
            return self.machines.terminal(attempt, machine, user, rows, columns, environment)
        return self.nodes.terminal(self.ownership.cluster(attempt), machine, user, rows, columns, environment)

    # -- the cluster's API -----------------------------------------------------------------------

    def _kubeconfig(self, cluster: str) -> Path:
        """The cluster's kubeconfig file, written first where another user or RUNG_HOME made the cluster."""
        path = kubeconfig_file(cluster)
        if not path.exists():
            keep_kubeconfig(cluster, self.nodes.kubeconfig(cluster))
        return path

    def _api(self, cluster: str) -> AbstractContextManager[Cluster]:
        return closing(Cluster.from_kubeconfig(self._kubeconfig(cluster)))


def _with_nodes(found: AttemptInfo, cluster: ClusterExists | None) -> AttemptInfo:
    nodes: tuple[MachineState, ...] = cluster.nodes if cluster is not None else ()
    return replace(found, machines=(*found.machines, *nodes))
