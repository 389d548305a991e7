"""What callers ask of a driver (Plan), and what a driver says exists (AttemptInfo and its parts)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # `rung labs` asks what drivers can do, and does not need pydantic
    from rung.runner.lab.model import ClusterSpec, MachineSpec

PowerState = Literal["running", "paused", "stopped", "missing"]
# What a plan needs a driver for: Linux machines, a cluster made for the attempt, or a cluster that the user brings.
Need = Literal["machines", "cluster", "user's cluster"]
# Need -> each capability a lab may name -> None where the driver of that need has it, else the reason why not.
Capabilities = Callable[[Need], Mapping[str, "str | None"]]
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class UserCluster:
    """A cluster that the user brings, as their kubeconfig names it."""

    context: str
    server: str  # the API's address in the kubeconfig; the same context with another address is another cluster
    files: str  # the kubeconfig's path; several paths are joined as in $KUBECONFIG
    agreed: bool = False  # the user agreed that labs run on it although it is not on this computer


@dataclass(frozen=True)
class Plan:
    """What an attempt needs of its driver."""

    attempt: str  # id: 8 lower-case hex digits
    lab: str  # the lab's name
    path: str  # the lab's folder
    seed: int
    digest: str  # of the lab's files
    machines: tuple[MachineSpec, ...]
    capabilities: frozenset[str] = frozenset()
    cluster: ClusterSpec | None = None
    own: UserCluster | None = None  # the user's cluster to run on, instead of one made for the attempt
    share: str | None = None  # plans with the same word, scope `namespace` and one size are put on one cluster

    @property
    def need(self) -> Need:
        """Which sort of driver the plan goes to."""
        return need_of(self.cluster, self.own)


def need_of(cluster: ClusterSpec | None, own: UserCluster | None = None) -> Need:
    """Which sort of driver a lab with this cluster (None: machines only) goes to; `own`: the user's cluster."""
    if cluster is None:
        return "machines"
    return "cluster" if own is None else "user's cluster"


@dataclass(frozen=True)
class MachineState:
    """One machine as the driver sees it now."""

    name: str
    state: PowerState
    shell: bool  # whether the learner may log in
    login: str  # the user that the learner logs in as
    address: str | None = None


@dataclass(frozen=True)
class AttemptInfo:
    """An attempt as the driver's labels describe it, whichever process created it."""

    attempt: str
    lab: str
    path: str
    seed: int
    digest: str
    created: datetime
    machines: tuple[MachineState, ...] = ()
    networks: tuple[str, ...] = field(default=())
    expected: int = 0  # how many machines the plan asked for
    own: UserCluster | None = None  # the user's cluster that it runs on


@dataclass(frozen=True)
class SpareCluster:
    """A cluster that no attempt uses, kept so that the next lab starts sooner."""

    name: str
    nodes: tuple[MachineState, ...]
    created: datetime
    ready: bool  # False: it is being made, or cannot be used any more
    expected: int  # how many nodes it is to have
    making: bool = False  # a living process is making it


class Terminal(Protocol):
    """A login on a machine, attached to a pseudo-terminal there."""

    def fileno(self) -> int: ...
    def recv(self, size: int) -> bytes:
        """Bytes from the machine; b"" when the login has ended."""

    def send(self, data: bytes) -> None: ...
    def resize(self, rows: int, columns: int) -> None: ...
    def close(self) -> None: ...
    def exit_status(self) -> int | None: ...
