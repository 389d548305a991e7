"""All drivers as one: a plan goes to the driver that it is for, an attempt to the one that made it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.labels import CLUSTER, CONTEXT, inventory
from rung.runner.drivers.base.protocols import NOTHING, AttemptInfo, Driver, Plan, SpareCluster, Terminal, UserCluster
from rung.runner.drivers.container.driver import ContainerDriver

if TYPE_CHECKING:
    from rung.checks.core.machine import Channel
    from rung.runner.drivers.kind.driver import KindDriver
    from rung.runner.drivers.kubeconfig.driver import KubeconfigDriver
    from rung.runner.lab.model import ClusterSpec


class DriverRegistry:
    """The verbs of `rung.runner.drivers.base.protocols.Driver`, each handed on.

    `linux` provides machines, `kubernetes` clusters, and `own` what is done on the user's; the last two are
    imported where there is something for them to do.
    """

    name = "together"

    def __init__(self, linux: ContainerDriver) -> None:
        self.linux = linux
        self._making = threading.Lock()
        self._kubernetes: KindDriver | None = None
        self._own: KubeconfigDriver | None = None
        self._made: dict[str, Driver] = {}

    @classmethod
    def connect(cls) -> DriverRegistry:
        """The drivers of the engine that answers. Raises EngineGone."""
        return cls(ContainerDriver.connect())

    @property
    def kubernetes(self) -> KindDriver:
        from rung.runner.drivers.kind.driver import KindDriver

        with self._making:  # one for all threads: it keeps connections
            if self._kubernetes is None:
                self._kubernetes = KindDriver(self.linux.engine, self.linux)
            return self._kubernetes

    @property
    def own(self) -> KubeconfigDriver:
        from rung.runner.drivers.kubeconfig.driver import KubeconfigDriver

        with self._making:
            if self._own is None:
                self._own = KubeconfigDriver(self.linux.engine, self.linux)
            return self._own

    def capabilities(self) -> Mapping[str, str | None]:
        one, other = self.linux.capabilities(), self.kubernetes.capabilities()
        return {name: one.get(name, other.get(name)) and other.get(name, one.get(name)) for name in {**one, **other}}

    def preload(self) -> None:
        self.linux.preload()

    def prewarm(self, attempt: str | None) -> None:
        self.linux.prewarm(attempt)

    def is_here(self, cluster: UserCluster) -> bool:
        return self.own.is_here(cluster)

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        driver = self._made[plan.attempt] = self._for(plan)
        driver.provision(plan, progress)

    def _for(self, plan: Plan) -> Driver:
        if plan.cluster is None:
            return self.linux
        return self.own if plan.own is not None else self.kubernetes

    def attempts(self) -> Sequence[AttemptInfo]:
        there = inventory(self.linux.engine)
        drivers: list[ContainerDriver | KindDriver | KubeconfigDriver] = [self.linux]
        drivers += [self.kubernetes] if there.of(CLUSTER) else []
        drivers += [self.own] if there.of(CONTEXT) else []
        found: list[AttemptInfo] = []
        for driver in drivers:
            theirs = driver.seen(there)
            self._made |= {each.attempt: driver for each in theirs}
            found += theirs
        return sorted(found, key=lambda f: (f.created, f.attempt))

    def _of(self, attempt: str) -> Driver:
        """The driver that made an attempt; for one that nobody knows of, the one of machines says so."""
        if attempt not in self._made:
            self.attempts()
        return self._made.get(attempt, self.linux)

    def channel(self, attempt: str, machine: str) -> Channel:
        return self._of(attempt).channel(attempt, machine)

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        self._of(attempt).put(attempt, machine, archive, folder)

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> Terminal:
        return self._of(attempt).terminal(attempt, machine, user, rows, columns, environment)

    def reboot(self, attempt: str, machine: str) -> None:
        self._of(attempt).reboot(attempt, machine)

    def revive(self, attempt: str) -> list[str]:
        return self._of(attempt).revive(attempt)

    def pause(self, attempt: str) -> None:
        self._of(attempt).pause(attempt)

    def resume(self, attempt: str) -> None:
        self._of(attempt).resume(attempt)

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        return self._of(attempt).apply_manifests(attempt, manifests)

    def halt(self, attempt: str) -> None:
        self._of(attempt).halt(attempt)

    def destroy(self, attempt: str) -> None:
        self._of(attempt).destroy(attempt)

    def destroy_later(self, attempt: str) -> None:
        self._of(attempt).destroy_later(attempt)

    def collect_garbage(self) -> None:
        self.kubernetes.collect_garbage()

    def forget(self, attempt: str) -> None:
        self._of(attempt).forget(attempt)

    def leftovers(self, attempt: str) -> Sequence[str]:
        return self._of(attempt).leftovers(attempt)

    def kubeconfig(self, attempt: str) -> Path | None:
        return self._of(attempt).kubeconfig(attempt)

    def prepare(self, cluster: ClusterSpec, progress: Progress = silent) -> None:
        self.kubernetes.prepare(cluster, progress)

    def spares(self) -> Sequence[SpareCluster]:
        return [*self.linux.spares(), *self.kubernetes.spares()]

    def release(self, name: str) -> None:
        self.linux.release(name)
        self.kubernetes.release(name)


def all_drivers() -> Driver:
    """All drivers as one, each plan and attempt with the driver that it belongs to."""
    return DriverRegistry.connect()
