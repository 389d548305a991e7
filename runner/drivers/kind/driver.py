"""Driver `kind`: an attempt is a machine `base` on the network of a cluster, which may outlive it.

A cluster that a lab of scope `namespace` has left as it found it serves the next lab; one that a lab of scope
`cluster` used is removed with the attempt. An attempt's labels stand on `base`, as on every machine. Who has a
cluster is told by the machines `base` on it, and by its own mark, which outlives them; both change under one lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rung.checks.cluster import Cluster
from rung.checks.core.machine import Channel, Machine
from rung.runner.core.progress import Progress, silent
from rung.runner.core.threads import submit
from rung.runner.drivers.base.labels import CLUSTER, LABEL, Inventory, inventory
from rung.runner.drivers.base.plan import NOTHING, AttemptInfo, MachineState, Plan, SpareCluster
from rung.runner.drivers.cluster import base_machine as at_base
from rung.runner.drivers.cluster.capabilities import cluster_capabilities
from rung.runner.drivers.cluster.readiness import api_errors, wait_until_settled
from rung.runner.drivers.container.channel_pool import ChannelPool
from rung.runner.drivers.container.driver import ContainerDriver, found_by_labels
from rung.runner.drivers.kind.cluster_state import ClusterMark
from rung.runner.drivers.kind.clusters import ClusterExists, Clusters, keep_kubeconfig, kubeconfig_file
from rung.runner.drivers.kind.kind_cli import kind_program
from rung.runner.drivers.kind.lock import making, one_at_a_time
from rung.runner.drivers.kind.nodes import Nodes, know_no_registry
from rung.runner.drivers.kind.ownership import Ownership
from rung.runner.drivers.kind.pool import ClusterPool
from rung.runner.lab.model import BASE
from rung.runner.lab.model import ClusterSpec as Spec

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rung.runner.drivers.container.terminal import ExecTerminal
    from rung.runner.drivers.kind.acquire import ClusterAcquisition
    from rung.runner.drivers.kind.release import ClusterRelease
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
        self.belonging = Ownership(engine)
        self._channels = ChannelPool()

    # What a check has no use for is loaded where something begins or ends.

    @cached_property
    def giving(self) -> ClusterAcquisition:
        from rung.runner.drivers.kind.acquire import ClusterAcquisition

        return ClusterAcquisition(self.pool, self.belonging, self.machines)

    @cached_property
    def leaving(self) -> ClusterRelease:
        from rung.runner.drivers.kind.release import ClusterRelease

        return ClusterRelease(self.pool, self.belonging, self.machines, self.nodes, self._api)

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
        from rung.runner.images.build import ensure

        assert plan.cluster is not None
        images = {}
        for image in ("node", BASE.image):
            progress("image", image)
            images[image] = ensure(image, self.engine, progress)
        program = kind_program(progress)
        cluster, new = self.giving.give(plan, images)
        with ThreadPoolExecutor(1) as pool:  # what base takes is done while the cluster gets ready
            base = [pool.submit(self._boot, plan)]

            def introduce() -> None:
                nodes = self._entered(plan)
                ssh = submit(partial(at_base.start_sshd, nodes))
                base.append(pool.submit(self._introduce, plan, cluster, nodes, ssh))

            if not new:
                self.nodes.resume(cluster)  # those who share it may have halted it
                introduce()
            else:
                self.leaving.remove_left(self.leaving.aside)  # for its memory
                self._make(program, cluster, plan.cluster.nodes, images["node"], "used", progress, introduce)
            progress("boot", BASE.name)
            for done in base:
                done.result()
        if "metrics" in plan.capabilities:
            progress("wait", "metrics")
            with self._api(cluster) as api:
                self.nodes.serve_metrics(cluster, api)

    def prepare(self, cluster: Spec, progress: Progress = silent) -> None:
        from rung.runner.images.build import ensure

        progress("image", "node")
        image = ensure("node", self.engine, progress)
        program = kind_program(progress)
        with one_at_a_time():
            self.pool.free(self.belonging.taken(), image)  # so that what is of no use takes no memory beside it
        made = self.clusters.begin(len(cluster.nodes), image, internet=False)
        try:
            self._make(program, made, cluster.nodes, image, "free", progress)
        except BaseException:
            self.clusters.remove(made)
            raise

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        from rung.runner.drivers.cluster import apply as applying

        with self._api(self.belonging.cluster(attempt)) as api:
            return applying.applied(api, manifests)

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
        """Make a cluster's nodes on its network, wait until it is whole, and note what it is like and who has it;
        `exists` is called when its nodes and its kubeconfig are there."""
        from rung.runner.drivers.kind import snapshot

        with making(cluster):
            podman = self.machines.facts.kind == "podman"
            self.clusters.create(program, cluster, nodes, image, podman, progress)
            exists()
            progress("wait", "nodes and system pods")
            with self.nodes.machines(cluster, nodes) as machines:
                at_base.know_peers(machines, self.clusters.addresses(cluster))
                found = self.clusters.find(cluster)
                if found is not None and not found.internet:
                    know_no_registry(machines)
            with self._api(cluster) as api:
                wait_until_settled(api, nodes)
                with api_errors("Rung noted what it is like"):
                    note = snapshot.take(api)
                self.clusters.marks.complete(cluster, note, state)

    def _boot(self, plan: Plan) -> None:
        outside = self.machines.options(plan.capabilities).outside
        self.machines.boot(plan.attempt, BASE, outside)

    def _entered(self, plan: Plan) -> dict[str, Machine]:
        """The nodes that the learner may log in to from base."""
        assert plan.cluster is not None
        names = plan.cluster.nodes if plan.cluster.scope == "cluster" else ()
        return {name: Machine(name, self.channel(plan.attempt, name)) for name in names}

    def _introduce(self, plan: Plan, cluster: str, nodes: Mapping[str, Machine], ssh: Future[str]) -> None:
        base = Machine(BASE.name, self.machines.channel(plan.attempt, BASE.name))
        at_base.configure(base, self.clusters.addresses(cluster), self._kubeconfig(cluster).read_text())
        if nodes:
            at_base.authorize_ssh(base, nodes, ssh.result())

    # -- removing --------------------------------------------------------------------------------

    def destroy(self, attempt: str) -> None:
        cluster = self.belonging.attempts().get(attempt)
        self._channels.close(attempt)
        if cluster is None:
            self.machines.destroy(attempt)
        else:
            self.leaving.end(attempt, cluster)
        self.belonging.forget(attempt)

    def destroy_later(self, attempt: str) -> None:
        """Where there is room, the learner waits for the next cluster alone: the one that they leave stands still until
        `tidy` removes it."""
        cluster = self.belonging.attempts().get(attempt)
        if cluster is not None and self.leaving.put_aside(attempt, cluster):
            self._channels.close(attempt)
            self.belonging.forget(attempt)
        else:
            self.destroy(attempt)

    def collect_garbage(self) -> None:
        self.leaving.remove_left()

    def spares(self) -> Sequence[SpareCluster]:
        return [self.clusters.kept(c) for c in self.pool.all(self.belonging.taken())]

    def release(self, name: str) -> None:
        self.clusters.remove(name)

    # -- running ---------------------------------------------------------------------------------

    def reboot(self, attempt: str, machine: str) -> None:
        if machine == BASE.name:
            self.machines.reboot(attempt, machine)
        else:
            self.nodes.reboot(self.belonging.cluster(attempt), machine)

    def revive(self, attempt: str) -> list[str]:
        started = self.machines.revive(attempt)
        return [*self.nodes.start(self.belonging.cluster(attempt)), *started]

    def pause(self, attempt: str) -> None:
        self.machines.pause(attempt)
        self.nodes.pause(self.belonging.cluster(attempt))

    def resume(self, attempt: str) -> None:
        self.nodes.resume(self.belonging.cluster(attempt))
        self.machines.resume(attempt)

    def halt(self, attempt: str) -> None:
        self.nodes.stop(self.belonging.cluster(attempt))
        self.machines.halt(attempt)

    # -- asking ----------------------------------------------------------------------------------

    def attempts(self) -> Sequence[AttemptInfo]:
        return self.seen(inventory(self.engine))

    def seen(self, there: Inventory) -> Sequence[AttemptInfo]:
        """Its attempts among what the engine lists."""
        bases = there.of(CLUSTER).containers
        clusters = {c.id: c for c in self.clusters.all()} if bases else {}
        found = []
        for base in bases:
            attempt, cluster = base["Labels"][LABEL], base["Labels"][CLUSTER]
            self.belonging.remember(attempt, cluster)
            found.append(_with_nodes(found_by_labels(attempt, [base], []), clusters.get(cluster)))
        return sorted(found, key=lambda f: (f.created, f.attempt))

    def kubeconfig(self, attempt: str) -> Path:
        return self._kubeconfig(self.belonging.cluster(attempt))

    def channel(self, attempt: str, machine: str) -> Channel:
        if machine == BASE.name:
            return self.machines.channel(attempt, machine)
        cluster = self.belonging.cluster(attempt)
        return self._channels.get(attempt, machine, lambda: self.nodes.channel(cluster, machine))

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        if machine == BASE.name:
            self.machines.put(attempt, machine, archive, folder)
        else:
            self.nodes.put(self.belonging.cluster(attempt), machine, archive, folder)

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> ExecTerminal:
        if machine == BASE.name:
            return self.machines.terminal(attempt, machine, user, rows, columns, environment)
        return self.nodes.terminal(self.belonging.cluster(attempt), machine, user, rows, columns, environment)

    # -- the cluster's API -----------------------------------------------------------------------

    def _kubeconfig(self, cluster: str) -> Path:
        """The cluster's kubeconfig; where it is another user's, or another RUNG_HOME's, the control plane has it."""
        path = kubeconfig_file(cluster)
        if not path.exists():
            keep_kubeconfig(cluster, self.nodes.kubeconfig(cluster))
        return path

    def _api(self, cluster: str) -> AbstractContextManager[Cluster]:
        return closing(Cluster.from_kubeconfig(self._kubeconfig(cluster)))


def _with_nodes(found: AttemptInfo, cluster: ClusterExists | None) -> AttemptInfo:
    nodes: tuple[MachineState, ...] = cluster.nodes if cluster is not None else ()
    return replace(found, machines=(*found.machines, *nodes))
