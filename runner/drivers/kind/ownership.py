"""Which attempt has which cluster, as the labels of the machines `base` tell.

Several attempts may share one cluster: each has a machine `base` of its own, at a place of its own in the network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rung.checks.core.channel import MachineGone
from rung.runner.drivers.base.labels import CLUSTER, LABEL
from rung.runner.engine.errors import engine_errors
from rung.runner.lab.model import BASE

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

# Labels on `base`.
SCOPE = "rung.scope"  # the scope of its lab's cluster
SHARE = "rung.share"  # the word that its plan shares with others
PLACE = "rung.place"  # its place in the cluster's network
# The network has 14 addresses: the first is the engine's, and the engine gives nodes those from 8 on.
PLACES = (7, 6, 5, 4, 3, 2)

Base = Mapping[str, Any]  # a container as the engine lists it


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
        return {base["Labels"][LABEL]: base["Labels"][CLUSTER] for base in self.bases()}

    def on(self, cluster: str) -> list[str]:
        """The attempts that use a cluster."""
        return [attempt for attempt, used in self.attempts().items() if used == cluster]

    def taken(self) -> set[str]:
        """The clusters that attempts use."""
        return set(self.attempts().values())

    def labels(self, attempt: str) -> Mapping[str, str]:
        """The labels of an attempt's `base`; empty where there is none."""
        with engine_errors("listing machines"):
            bases = self.engine.containers(f"{LABEL}={attempt}", CLUSTER)
        return bases[0]["Labels"] if bases else {}

    def cluster(self, attempt: str) -> str:
        """The cluster that an attempt has, or had when it was last asked for. Raises MachineGone."""
        if attempt not in self._known:
            self._known |= self.attempts()
        try:
            return self._known[attempt]
        except KeyError:
            raise MachineGone(f"attempt {attempt} has no cluster", BASE.name) from None

    def remember(self, attempt: str, cluster: str) -> None:
        """Cache which cluster the attempt has, to save a query."""
        self._known[attempt] = cluster

    def forget(self, attempt: str) -> None:
        """Drop the attempt from the cache."""
        self._known.pop(attempt, None)


def shared_clusters(bases: Sequence[Base], word: str) -> list[str]:
    """The clusters of attempts that share by this word and have room for one more."""
    clusters = dict.fromkeys(base["Labels"][CLUSTER] for base in bases if base["Labels"].get(SHARE) == word)
    return [cluster for cluster in clusters if free_place(bases, cluster) is not None]


def free_place(bases: Sequence[Base], cluster: str) -> int | None:
    """A free place for one more `base` in a cluster's network; None where all are taken."""
    taken = {base["Labels"].get(PLACE, str(PLACES[0])) for base in bases if base["Labels"][CLUSTER] == cluster}
    return next((number for number in PLACES if str(number) not in taken), None)
