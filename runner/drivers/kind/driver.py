"""Driver `kind`: an attempt is a machine `base` on the network of a cluster, which may outlive it.

A cluster that a lab of scope `namespace` has left as it found it serves the next lab; one that a lab of scope
`cluster` used is removed with the attempt. An attempt's labels stand on `base`, as on every machine. Who has a
cluster is told by the machines `base` on it, and by its own mark, which outlives them; both change under one lock.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.machine import Channel, CommandTimeout, Machine, MachineGone
from rung.runner.drivers import NOTHING, Found, Kept, MachineState, MakesAll, Plan, Progress, silent
from rung.runner.drivers.assembly import Assembly
from rung.runner.drivers.border import CLUSTER, LABEL, Look, engine_errors, look
from rung.runner.drivers.channel import ShellChannel
from rung.runner.drivers.container import ContainerDriver, found_by_labels
from rung.runner.drivers.kind import base as at_base
from rung.runner.drivers.kind import pristine, sharing
from rung.runner.drivers.kind.clusters import Clusters, Exists, keep_kubeconfig, kubeconfig_file
from rung.runner.drivers.kind.lock import making, one_at_a_time
from rung.runner.drivers.kind.marks import State
from rung.runner.drivers.kind.naming import network_name
from rung.runner.drivers.kind.nodes import Nodes
from rung.runner.drivers.kind.program import kind_program
from rung.runner.drivers.kind.settling import api_errors, capabilities_of, wait_until_settled
from rung.runner.drivers.kind.spares import ROOM, Spares
from rung.runner.errors import EngineRefused, EnvironmentBroken
from rung.runner.lab import BASE
from rung.runner.lab import Cluster as Spec

if TYPE_CHECKING:
    from docker import DockerClient

    from rung.runner.drivers.exec import ExecTerminal

_SCOPE = "rung.scope"


class KindDriver(MakesAll):
    """The verbs of `rung.runner.drivers.Driver` for labs on a cluster."""

    name = "kind"

    def __init__(self, client: DockerClient, url: str, machines: ContainerDriver | None = None) -> None:
        self.client = client
        self.machines = machines or ContainerDriver(client)
        self.clusters = Clusters(client, url)
        self.spares = Spares(self.clusters)
        self.nodes = Nodes(client, self.clusters, self.machines.shells)
        self._belongs: dict[str, str] = {}  # attempt -> cluster
        self._aside: set[str] = set()  # clusters that attempts have left here, with memory for another beside them
        self._channels: dict[tuple[str, str], ShellChannel] = {}

    @classmethod
    def connect(cls) -> KindDriver:
        from rung.runner.engine import whereabouts

        place, client = whereabouts()
        return cls(client, place.url)

    def capabilities(self) -> Mapping[str, str | None]:
        return capabilities_of(self.machines.capabilities())

    def warm(self) -> None:
        self.machines.warm()

    def reach(self, attempt: str | None) -> None:
        self.machines.reach(attempt)

    # -- making ----------------------------------------------------------------------------------

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        from rung.runner.images import ensure

        assert plan.cluster is not None
        images = {}
        for image in ("node", BASE.image):
            progress("image", image)
            images[image] = ensure(image, self.client, progress)
        program = kind_program(progress)
        cluster, new = self._claimed(plan, images)
        with ThreadPoolExecutor(1) as pool:  # what base takes is done while the cluster gets ready
            base = [pool.submit(self._boot, plan)]

            def introduce() -> None:
                base.append(pool.submit(self._introduce, plan, cluster))

            if not new:
                self.nodes.resume(cluster)  # those who share it may have halted it
                introduce()
            else:
                self._remove_left(self._aside)  # for its memory
                self._make(program, cluster, plan.cluster.nodes, images["node"], "used", progress, introduce)
            progress("boot", BASE.name)
            for done in base:
                done.result()
        if "metrics" in plan.capabilities:
            progress("wait", "metrics")
            with self._api(cluster) as api:
                self.nodes.serve_metrics(cluster, api)

    def prepare(self, cluster: Spec, progress: Progress = silent) -> None:
        from rung.runner.images import ensure

        progress("image", "node")
        image = ensure("node", self.client, progress)
        program = kind_program(progress)
        with one_at_a_time():
            self.spares.free(self._taken(), image)  # so that what is of no use takes no memory beside it
        made = self.clusters.begin(len(cluster.nodes), image, internet=False)
        try:
            self._make(program, made, cluster.nodes, image, "free", progress)
        except BaseException:
            self.clusters.remove(made)
            raise

    def _make(
        self,
        program: str,
        cluster: str,
        nodes: Sequence[str],
        image: str,
        state: State,
        progress: Progress,
        exists: Callable[[], None] = lambda: None,
    ) -> None:
        """Make a cluster's nodes on its network, wait until it is whole, and note what it is like and who has it;
        `exists` is called when its nodes and its kubeconfig are there."""
        with making(cluster):
            podman = self.machines.facts.kind == "podman"
            self.clusters.create(program, cluster, nodes, image, podman, progress)
            exists()
            progress("wait", "nodes and system pods")
            with self.nodes.machines(cluster, nodes) as machines:
                at_base.know_peers(machines, self.clusters.addresses(cluster))
            with self._api(cluster) as api:
                wait_until_settled(api, nodes)
                with api_errors("Rung noted what it is like"):
                    note = pristine.note(api)
                self.clusters.marks.complete(cluster, note, state)

    def _claimed(self, plan: Plan, images: Mapping[str, str]) -> tuple[str, bool]:
        """A cluster that is this attempt's from now on, and whether it is still to be made.

        By the labels of `base`, which is created here, others see that it is taken; by its mark, that it was, if
        `base` is removed by other hands.
        """
        assert plan.cluster is not None
        count, internet = len(plan.cluster.nodes), "internet" in plan.capabilities
        with one_at_a_time():
            free = self._shared_with(plan, images["node"])
            if free is None and not internet:
                free = self._free(count, images["node"])
            cluster = free or self.clusters.begin(count, images["node"], internet=internet)
            try:
                self._create_base(plan, images[BASE.image], cluster)
            except BaseException:
                if free is None:  # without `base` nobody would know whose it is
                    with contextlib.suppress(EnvironmentBroken):
                        self.clusters.remove(cluster)
                raise
            if free is not None:
                self.clusters.marks.put(cluster, "used")
        self._belongs[plan.attempt] = cluster
        return cluster, free is None

    def _create_base(self, plan: Plan, image: str, cluster: str) -> None:
        """Create the attempt's `base`, not yet started, on the cluster's network."""
        assert plan.cluster is not None
        assembly = Assembly(self.client, self.machines.facts, plan, self.machines.options(plan.capabilities))
        place = sharing.place(self._bases(), cluster)
        assert place is not None  # of what is shared only where there is room
        labels = {CLUSTER: cluster, _SCOPE: plan.cluster.scope, "rung.machines": str(1 + len(plan.cluster.nodes))}
        labels |= {sharing.PLACE: str(place)} | ({sharing.SHARE: plan.share} if plan.share else {})
        places = {network_name(cluster): self.clusters.address(cluster, place)}
        assembly.create_at(BASE, image, places, {}, labels)

    def _shared_with(self, plan: Plan, image: str) -> str | None:
        """A complete cluster of the plan's size that others of its word use already, with room for one more.

        Not one that the last of them is leaving: what the plan's lab made there would be taken away with the rest.
        """
        assert plan.cluster is not None
        if plan.share is None or plan.cluster.scope != "namespace":
            return None
        like = (len(plan.cluster.nodes), image, "internet" in plan.capabilities)
        found = (self.clusters.find(name) for name in sharing.shared(self._bases(), plan.share))
        fitting = [c.id for c in found if c is not None and (c.expected, c.image, c.internet) == like]
        staying = (cluster for cluster in fitting if self.clusters.marks.state(cluster) != "leaving")
        return next((cluster for cluster in staying if self.clusters.whole(cluster)), None)

    def _free(self, nodes: int, image: str) -> str | None:
        """A cluster of this size, as good as new, that nobody uses; what is of no use any more goes."""
        return next((c.id for c in self.spares.free(self._taken(), image) if c.expected == nodes), None)

    def _boot(self, plan: Plan) -> None:
        outside = self.machines.options(plan.capabilities).outside
        self.machines.boot(plan.attempt, BASE, outside)

    def _introduce(self, plan: Plan, cluster: str) -> None:
        assert plan.cluster is not None
        base = Machine(BASE.name, self.machines.channel(plan.attempt, BASE.name))
        at_base.introduce(base, self.clusters.addresses(cluster), self._kubeconfig(cluster).read_text())
        if plan.cluster.scope == "cluster":
            with self.nodes.machines(cluster, plan.cluster.nodes) as machines:
                at_base.admit(base, machines)

    # -- removing --------------------------------------------------------------------------------

    def destroy(self, attempt: str) -> None:
        cluster = self._attempts().get(attempt)
        self._forget(attempt)
        if cluster is None:
            self.machines.destroy(attempt)
        elif self._is_last(attempt, cluster):
            self._end(attempt, cluster)
        self._belongs.pop(attempt, None)

    def leave(self, attempt: str) -> None:
        """Where there is room, the learner waits for the next cluster alone: the one that they leave stands still until
        `tidy` removes it."""
        cluster = self._attempts().get(attempt)
        if cluster is None or not self._put_aside(attempt, cluster):
            self.destroy(attempt)

    def _put_aside(self, attempt: str, cluster: str) -> bool:
        """Leave a cluster that nobody else uses, and that would be removed; whether there is room: a spare that waits,
        or memory for two."""
        from rung.runner.engine.surroundings import available_memory

        if self._labels(attempt).get(_SCOPE) != "cluster":
            return False
        room = (available_memory() or 0) >= ROOM
        with one_at_a_time():
            exists = self.clusters.find(cluster)
            if exists is None or self._on(cluster) != [attempt]:
                return False
            if not room and not self.spares.has(self._taken(), exists):
                return False
            try:
                self.clusters.marks.put(cluster, "left")
                self.nodes.pause(cluster)
            except EngineRefused:
                return False
            if room:
                self._aside.add(cluster)
            self._forget(attempt)
            self.machines.destroy(attempt)
        self._belongs.pop(attempt, None)
        return True

    def tidy(self) -> None:
        self._remove_left()

    def _remove_left(self, besides: Collection[str] = ()) -> None:
        for cluster in self.spares.left(self._taken()):
            if cluster.id not in besides:
                self.clusters.remove(cluster.id)

    def _is_last(self, attempt: str, cluster: str) -> bool:
        """Whether nobody else uses the cluster: then nobody joins any more. Else the attempt has left it here, and
        what it made there goes with the last of them."""
        with one_at_a_time():
            if self._on(cluster) != [attempt]:  # or another process has ended it meanwhile
                self.machines.destroy(attempt)
                return False
            with contextlib.suppress(EngineRefused):  # of a full disk, say: then it ends, and nobody stays on it
                self.clusters.marks.put(cluster, "leaving")
            return True

    def _end(self, attempt: str, cluster: str) -> None:
        """End the last attempt on a cluster, and the cluster with it unless it is as it was when it was new."""
        stays = self._outlives(attempt, cluster)
        if not stays and attempt in self._attempts():  # else another process has ended it meanwhile
            self.clusters.remove_nodes(cluster)
        with one_at_a_time():  # between the two it looks like one that nobody put right
            mine = attempt in self._attempts()
            self.machines.destroy(attempt)
            if stays and mine:
                self._set_free(cluster)
        if not self.clusters.whole(cluster):
            self.clusters.remove(cluster)

    def _set_free(self, cluster: str) -> None:
        """Let the next lab have a cluster; one whose mark cannot be changed is removed instead."""
        try:
            self.clusters.marks.put(cluster, "free")
        except EngineRefused:
            self.clusters.remove(cluster)

    def _forget(self, attempt: str) -> None:
        for key in [key for key in self._channels if key[0] == attempt]:
            self._channels.pop(key).close()

    def _outlives(self, attempt: str, cluster: str) -> bool:
        """Whether the cluster goes on without the attempt, after taking away all that it left there."""
        scope = self._labels(attempt).get(_SCOPE)
        before = self.clusters.marks.note(cluster)
        exists = self.clusters.find(cluster)
        if scope != "namespace" or before is None or exists is None or not exists.running:
            return False
        if exists.internet or self.spares.enough(self._taken(), exists):
            return False  # the next lab is promised machines that do not reach it
        try:
            with self._api(cluster) as api:
                return not pristine.restore(api, before)
        except (ApiRefused, ClusterGone, EnvironmentBroken, MachineGone, CommandTimeout, OSError, ValueError):
            return False  # where it is the engine that is gone, the next question to it says so

    def kept(self) -> Sequence[Kept]:
        return [self.clusters.kept(c) for c in self.spares.all(self._taken())]

    def release(self, name: str) -> None:
        self.clusters.remove(name)

    # -- running ---------------------------------------------------------------------------------

    def reboot(self, attempt: str, machine: str) -> None:
        if machine == BASE.name:
            self.machines.reboot(attempt, machine)
        else:
            self.nodes.reboot(self._cluster(attempt), machine)

    def revive(self, attempt: str) -> list[str]:
        started = self.machines.revive(attempt)
        return [*self.nodes.start(self._cluster(attempt)), *started]

    def pause(self, attempt: str) -> None:
        self.machines.pause(attempt)
        self.nodes.pause(self._cluster(attempt))

    def resume(self, attempt: str) -> None:
        self.nodes.resume(self._cluster(attempt))
        self.machines.resume(attempt)

    def halt(self, attempt: str) -> None:
        self.nodes.stop(self._cluster(attempt))
        self.machines.halt(attempt)

    # -- asking ----------------------------------------------------------------------------------

    def attempts(self) -> Sequence[Found]:
        return self.seen(look(self.client))

    def seen(self, there: Look) -> Sequence[Found]:
        """Its attempts among what the engine lists."""
        bases = there.of(CLUSTER).containers
        clusters = {c.id: c for c in self.clusters.all()} if bases else {}
        found = []
        for base in bases:
            attempt, cluster = base["Labels"][LABEL], base["Labels"][CLUSTER]
            self._belongs[attempt] = cluster
            found.append(_with_nodes(found_by_labels(attempt, [base], []), clusters.get(cluster)))
        return sorted(found, key=lambda f: (f.created, f.attempt))

    def access(self, attempt: str) -> Path:
        return self._kubeconfig(self._cluster(attempt))

    def channel(self, attempt: str, machine: str) -> Channel:
        if machine == BASE.name:
            return self.machines.channel(attempt, machine)
        key = (attempt, machine)
        if key not in self._channels:
            self._channels[key] = self.nodes.channel(self._cluster(attempt), machine)
        return self._channels[key]

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        if machine == BASE.name:
            self.machines.put(attempt, machine, archive, folder)
        else:
            self.nodes.put(self._cluster(attempt), machine, archive, folder)

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> ExecTerminal:
        if machine == BASE.name:
            return self.machines.terminal(attempt, machine, user, rows, columns, environment)
        return self.nodes.terminal(self._cluster(attempt), machine, user, rows, columns, environment)

    # -- what belongs together -------------------------------------------------------------------

    def _attempts(self) -> dict[str, str]:
        """Attempt -> its cluster, as the labels tell it now."""
        return {b["Labels"][LABEL]: b["Labels"][CLUSTER] for b in self._bases()}

    def _on(self, cluster: str) -> list[str]:
        """The attempts that use a cluster."""
        return [attempt for attempt, its in self._attempts().items() if its == cluster]

    def _taken(self) -> set[str]:
        """The clusters that attempts use."""
        return set(self._attempts().values())

    def _bases(self) -> list[dict[str, Any]]:
        """Every attempt's machine `base`, as the engine lists containers."""
        with engine_errors("listing machines"):
            found: list[dict[str, Any]] = self.client.api.containers(all=True, filters={"label": [LABEL, CLUSTER]})
        return found

    def _labels(self, attempt: str) -> Mapping[str, str]:
        with engine_errors("listing machines"):
            bases = self.client.api.containers(all=True, filters={"label": [f"{LABEL}={attempt}", CLUSTER]})
        return bases[0]["Labels"] if bases else {}

    def _cluster(self, attempt: str) -> str:
        if attempt not in self._belongs:
            self._belongs |= self._attempts()
        try:
            return self._belongs[attempt]
        except KeyError:
            raise MachineGone(f"attempt {attempt} has no cluster", BASE.name) from None

    def _kubeconfig(self, cluster: str) -> Path:
        """The cluster's kubeconfig; where it is another user's, or another RUNG_HOME's, the control plane has it."""
        path = kubeconfig_file(cluster)
        if not path.exists():
            keep_kubeconfig(cluster, self.nodes.kubeconfig(cluster))
        return path

    def _api(self, cluster: str) -> AbstractContextManager[Cluster]:
        return closing(Cluster.from_kubeconfig(self._kubeconfig(cluster)))


def _with_nodes(found: Found, cluster: Exists | None) -> Found:
    nodes: tuple[MachineState, ...] = cluster.nodes if cluster is not None else ()
    return replace(found, machines=(*found.machines, *nodes))
