"""All drivers: a plan goes to the driver of its need, an attempt to the driver that created it.

A new driver is one folder beside these, one entry in DRIVERS, and one line in `tests/runner/drivers/test_contract.py`.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.labels import CLUSTER, CONTEXT, Inventory, inventory
from rung.runner.drivers.base.plan import (
    NOTHING,
    AttemptInfo,
    Need,
    Plan,
    SpareCluster,
    Terminal,
    UserCluster,
)
from rung.runner.drivers.base.protocols import Clusters, Driver, Preloading, Spares, UserClusterDriver

if TYPE_CHECKING:
    from pathlib import Path

    from rung.checks.core.channel import Channel
    from rung.runner.drivers.container.driver import ContainerDriver
    from rung.runner.lab.model import ClusterSpec


@dataclass(frozen=True)
class DriverEntry:
    """Where a driver is; its module is imported at its first use."""

    where: str  # `module:class`; the class has `connect(machines)`, see `DriverRegistry.driver`
    capabilities: str  # `module:function`, which tells what the driver's `capabilities` tells, and asks no engine
    need: Need | None  # the plans that it is picked for; None: it is used only where it is named
    label: str | None = None  # what the engine's objects of its attempts bear; None: none of the other drivers' labels


_PACKAGE = "rung.runner.drivers"
_MACHINES = f"{_PACKAGE}.container.privileges:known_capabilities"
_CLUSTERS = f"{_PACKAGE}.cluster.capabilities:cluster_capabilities"

DRIVERS: Mapping[str, DriverEntry] = MappingProxyType(
    {
        "container": DriverEntry(f"{_PACKAGE}.container.driver:ContainerDriver", _MACHINES, "machines"),
        "kind": DriverEntry(f"{_PACKAGE}.kind.driver:KindDriver", _CLUSTERS, "cluster", CLUSTER),
        "kubeconfig": DriverEntry(
            f"{_PACKAGE}.kubeconfig.driver:KubeconfigDriver", _CLUSTERS, "user's cluster", CONTEXT
        ),
        "fake": DriverEntry(f"{_PACKAGE}.fake.driver:FakeDriver", f"{_PACKAGE}.fake.driver:fake_capabilities", None),
    }
)


@runtime_checkable
class _OnEngine(Protocol):
    """A driver whose attempts are containers of the engine: all of them are listed by one request."""

    def seen(self, found: Inventory) -> Sequence[AttemptInfo]:
        """Its attempts among what the engine lists, oldest first."""


def capabilities_for(need: Need) -> Mapping[str, str | None]:
    """Each capability a lab may name -> None where the driver of this need has it, else why not. Asks no engine."""
    entry = next(entry for entry in DRIVERS.values() if entry.need == need)
    found: Mapping[str, str | None] = _load(entry.capabilities)()
    return found


class DriverRegistry:
    """The drivers of one computer as one (`rung.runner.drivers.base.protocols.Drivers`). Safe for several threads."""

    def __init__(self, loaded: Mapping[str, Driver], entries: Mapping[str, DriverEntry] = DRIVERS) -> None:
        """`loaded`: drivers that exist already, by name; `entries`: all that there are, in the order of picking."""
        self._entries = entries
        self._loaded = dict(loaded)
        self._loading = threading.Lock()
        self._creators: dict[str, str] = {}  # attempt -> the name of the driver that created it

    @classmethod
    def connect(cls) -> DriverRegistry:
        """The drivers on the engine that answers. Raises EngineGone."""
        return cls({"container": _load(DRIVERS["container"].where).connect()})

    @classmethod
    def of(cls, driver: Driver) -> DriverRegistry:
        """A registry of this driver alone, which every plan goes to."""
        return cls({driver.name: driver}, {driver.name: DRIVERS[driver.name]})

    def driver(self, name: str) -> Driver:
        """The driver of that name, connected at its first use to the engine of the driver `container`."""
        with self._loading:  # all threads share one: it keeps connections
            if name not in self._loaded:
                container = cast("ContainerDriver | None", self._loaded.get("container"))
                self._loaded[name] = _load(self._entries[name].where).connect(container)
            return self._loaded[name]

    # -- picking

    def _name_for(self, need: Need) -> str:
        """The driver that plans of this need go to; where there is no such driver, the first one says what it lacks."""
        names = [name for name, entry in self._entries.items() if entry.need == need]
        return names[0] if names else next(iter(self._entries))

    def _for(self, need: Need) -> Driver:
        return self.driver(self._name_for(need))

    def _of(self, attempt: str) -> Driver:
        """The driver that created an attempt; one that does not exist goes to the driver of machines, which says so."""
        if attempt not in self._creators:
            self.attempts()
        return self.driver(self._creators.get(attempt) or self._name_for("machines"))

    def _spares(self) -> Spares | None:
        found = self._for("cluster")
        return found if isinstance(found, Spares) else None

    def capabilities_for(self, need: Need) -> Mapping[str, str | None]:
        return self._for(need).capabilities()

    def attempts(self) -> Sequence[AttemptInfo]:
        found: list[AttemptInfo] = []
        for name, attempts in self._listed().items():
            self._creators |= {info.attempt: name for info in attempts}
            found += attempts
        return sorted(found, key=lambda info: (info.created, info.attempt))

    def _listed(self) -> dict[str, Sequence[AttemptInfo]]:
        """Driver -> its attempts; a driver of whose attempts the engine lists nothing is not loaded."""
        found: dict[str, Sequence[AttemptInfo]] = {}
        names = [name for name, entry in self._entries.items() if entry.need is not None or name in self._loaded]
        objects = self._engine_objects()
        for name in names:
            label = self._entries[name].label
            if objects is not None and label is not None and not objects.of(label):
                continue
            driver = self.driver(name)
            if objects is not None and isinstance(driver, _OnEngine):
                found[name] = driver.seen(objects)
            else:
                found[name] = driver.attempts()
        return found

    def _engine_objects(self) -> Inventory | None:
        """What the engine lists; None where no driver that is loaded knows it."""
        container = cast("ContainerDriver | None", self._loaded.get("container"))
        return inventory(container.engine) if container is not None else None

    # -- machines

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        self._creators[plan.attempt] = self._name_for(plan.need)
        self._for(plan.need).provision(plan, progress)

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

    def halt(self, attempt: str) -> None:
        self._of(attempt).halt(attempt)

    def destroy(self, attempt: str) -> None:
        self._of(attempt).destroy(attempt)

    # -- what a driver may not offer

    def preload(self) -> None:
        for driver in list(self._loaded.values()):
            if isinstance(driver, Preloading):
                driver.preload()

    def prewarm(self, attempt: str | None) -> None:
        for driver in list(self._loaded.values()):
            if isinstance(driver, Preloading):
                driver.prewarm(attempt)

    def kubeconfig(self, attempt: str) -> Path | None:
        driver = self._of(attempt)
        return driver.kubeconfig(attempt) if isinstance(driver, Clusters) else None

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        driver = self._of(attempt)
        return driver.apply_manifests(attempt, manifests) if isinstance(driver, Clusters) else False

    def prepare(self, cluster: ClusterSpec, progress: Progress = silent) -> None:
        if (driver := self._spares()) is not None:
            driver.prepare(cluster, progress)

    def spares(self) -> Sequence[SpareCluster]:
        driver = self._spares()
        return driver.spares() if driver is not None else ()

    def release(self, name: str) -> None:
        if (driver := self._spares()) is not None:
            driver.release(name)

    def destroy_later(self, attempt: str) -> None:
        driver = self._of(attempt)
        (driver.destroy_later if isinstance(driver, Spares) else driver.destroy)(attempt)

    def collect_garbage(self) -> None:
        if (driver := self._spares()) is not None:
            driver.collect_garbage()

    def is_here(self, cluster: UserCluster) -> bool:
        driver = self._for("user's cluster")
        return driver.is_here(cluster) if isinstance(driver, UserClusterDriver) else False

    def forget(self, attempt: str) -> None:
        driver = self._of(attempt)
        (driver.forget if isinstance(driver, UserClusterDriver) else driver.destroy)(attempt)

    def leftovers(self, attempt: str) -> Sequence[str]:
        driver = self._of(attempt)
        return driver.leftovers(attempt) if isinstance(driver, UserClusterDriver) else ()


def _load(where: str) -> Any:
    """What `module:name` says, imported."""
    module, _, name = where.partition(":")
    return getattr(importlib.import_module(module), name)
