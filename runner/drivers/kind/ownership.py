"""Which attempt has which cluster, as the labels of the machines `base` tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rung.checks.core.machine import MachineGone
from rung.runner.drivers.base.labels import CLUSTER, LABEL
from rung.runner.engine.errors import engine_errors
from rung.runner.lab.model import BASE

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

SCOPE = "rung.scope"  # on `base`: the scope of its lab's cluster


class Ownership:
    """The attempts on one engine that have a cluster. Every method raises EngineGone where that does not answer."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._known: dict[str, str] = {}

    def bases(self) -> list[dict[str, Any]]:
        """Every attempt's machine `base`, as the engine lists containers."""
        with engine_errors("listing machines"):
            found: list[dict[str, Any]] = self.engine.containers(LABEL, CLUSTER)
        return found

    def attempts(self) -> dict[str, str]:
        """Attempt -> its cluster, now."""
        return {b["Labels"][LABEL]: b["Labels"][CLUSTER] for b in self.bases()}

    def on(self, cluster: str) -> list[str]:
        """The attempts that use a cluster."""
        return [attempt for attempt, its in self.attempts().items() if its == cluster]

    def taken(self) -> set[str]:
        """The clusters that attempts use."""
        return set(self.attempts().values())

    def labels(self, attempt: str) -> Mapping[str, str]:
        """What an attempt's `base` is labelled with; empty where there is none."""
        with engine_errors("listing machines"):
            bases = self.engine.containers(f"{LABEL}={attempt}", CLUSTER)
        return bases[0]["Labels"] if bases else {}

    def cluster(self, attempt: str) -> str:
        """The cluster that an attempt has, or had when it was last asked about. Raises MachineGone."""
        if attempt not in self._known:
            self._known |= self.attempts()
        try:
            return self._known[attempt]
        except KeyError:
            raise MachineGone(f"attempt {attempt} has no cluster", BASE.name) from None

    def remember(self, attempt: str, cluster: str) -> None:
        """Spare the question whose it is."""
        self._known[attempt] = cluster

    def forget(self, attempt: str) -> None:
        """It has ended."""
        self._known.pop(attempt, None)
