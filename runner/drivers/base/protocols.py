"""Drivers provide machines. A driver is the Protocol below, an entry in `DRIVERS`, and a test run.

What exists stands in the driver's own labels, never in a file of Rung's: so a killed process leaves
nothing that `status` does not see and `stop --all` does not remove.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from rung.runner.core.progress import Progress, silent

if TYPE_CHECKING:  # `rung labs` asks what drivers can do, and has no use for pydantic
    from pathlib import Path

    from rung.checks.core.machine import Channel
    from rung.runner.lab.model import ClusterSpec, MachineSpec

State = Literal["running", "paused", "stopped", "missing"]
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class UserCluster:
    """A cluster that the user brings, as their kubeconfig names it."""

    context: str
    server: str  # the API's address in the kubeconfig: another one under the same name is another cluster
    files: str  # the kubeconfig's path; several stand as in $KUBECONFIG
    agreed: bool = False  # the user has said that labs may run on it, although it is not on this computer


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
    own: UserCluster | None = None  # it is to run on the user's cluster instead of one that is made for it
    share: str | None = None  # plans of one word, of scope `namespace` and one size, are put on one cluster


@dataclass(frozen=True)
class MachineState:
    """One machine as the driver sees it now."""

    name: str
    state: State
    shell: bool
    login: str
    address: str | None = None


@dataclass(frozen=True)
class AttemptInfo:
    """An attempt as the driver's labels tell it, whatever process made it."""

    attempt: str
    lab: str
    path: str
    seed: int
    digest: str
    created: datetime
    machines: tuple[MachineState, ...] = ()
    networks: tuple[str, ...] = field(default=())
    expected: int = 0  # how many machines it was to have
    own: UserCluster | None = None  # the user's cluster that it runs on


@dataclass(frozen=True)
class SpareCluster:
    """A cluster that no attempt uses: it stays so that the next lab begins sooner."""

    name: str
    nodes: tuple[MachineState, ...]
    created: datetime
    ready: bool  # False: it is being made, or it is of no use any more
    expected: int  # how many nodes it was to have
    making: bool = False  # the process that makes it is at work


class Terminal(Protocol):
    """A login on a machine, attached to a pseudo-terminal there."""

    def fileno(self) -> int: ...
    def recv(self, size: int) -> bytes:
        """Bytes from the machine; b"" when the login has ended."""

    def send(self, data: bytes) -> None: ...
    def resize(self, rows: int, columns: int) -> None: ...
    def close(self) -> None: ...
    def exit_status(self) -> int | None: ...


class LeavesNothing:
    """The verbs about what may be removed later, for drivers that have nothing of that sort."""

    def destroy_later(self, attempt: str) -> None:
        self.destroy(attempt)

    def collect_garbage(self) -> None:
        """There is nothing to remove."""

    def destroy(self, attempt: str) -> None:
        raise NotImplementedError

    def prewarm(self, attempt: str | None) -> None:
        """Channels are opened at their first use."""


class MakesAll(LeavesNothing):
    """The verbs about a cluster of the user's, for drivers that make everything themselves."""

    def is_here(self, cluster: UserCluster) -> bool:  # noqa: ARG002
        return True

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:  # noqa: ARG002
        return False

    def forget(self, attempt: str) -> None:
        self.destroy(attempt)

    def leftovers(self, attempt: str) -> Sequence[str]:  # noqa: ARG002
        return ()


class Driver(Protocol):
    """Provides machines. Errors: EngineGone, EnvironmentBroken (exit code 3); MachineGone from channels."""

    name: str

    def capabilities(self) -> Mapping[str, str | None]:
        """Each capability a lab may name -> None where this driver has it, else the reason why not."""

    def preload(self) -> None:
        """Begin to ask, in the background, what `provision` needs to know of the engine."""

    def prewarm(self, attempt: str | None) -> None:
        """Begin, in the background, to open the channels to the machines of an attempt (None: the only one)."""

    def is_here(self, cluster: UserCluster) -> bool:
        """Whether a cluster of the user's runs on this computer; if not, the user is asked first."""

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        """Create networks and machines, boot them to `default.target` with no failed unit outside the
        spec's list. Leaves what it made to `destroy` when it raises."""

    def attempts(self) -> Sequence[AttemptInfo]:
        """Every attempt of which anything exists, oldest first."""

    def channel(self, attempt: str, machine: str) -> Channel:
        """A grader's channel to a machine (opened at first use)."""

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        """Unpack a tar archive below a folder of the machine (which exists)."""

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> Terminal:
        """Log `user` in through PAM, on a pseudo-terminal; the login shell gets `environment` beside its own."""

    def reboot(self, attempt: str, machine: str) -> None:
        """A real stop (services end cleanly) and start, until it is up again."""

    def revive(self, attempt: str) -> list[str]:
        """Start machines that have stopped (`poweroff` typed inside); names of those started."""

    def pause(self, attempt: str) -> None:
        """Halt every process of the machines where it is (memory stays in use)."""

    def resume(self, attempt: str) -> None:
        """Let them go on after `pause`."""

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        """Make what a lab's setup.yaml lists, where the driver can; False: it did not make all of it, and they are
        applied as a learner would, from the lab's first machine."""

    def halt(self, attempt: str) -> None:
        """Stop the machines cleanly: they keep their disks and need no memory. `revive` starts them again."""

    def destroy(self, attempt: str) -> None:
        """Remove everything of this attempt: containers, volumes, networks, and in a cluster of the user's what
        was made for it. Nothing to remove is no error."""

    def destroy_later(self, attempt: str) -> None:
        """As `destroy`, for an attempt that begins again at once: what nobody has to wait for may be left to `tidy`."""

    def collect_garbage(self) -> None:
        """Remove what `leave` left. Nothing to remove is no error."""

    def forget(self, attempt: str) -> None:
        """As `destroy`, but what lies in a cluster of the user's that cannot be asked any more stays there."""

    def leftovers(self, attempt: str) -> Sequence[str]:
        """What came into being in a cluster of the user's since the attempt began and was not made for it, so
        that `destroy` let it be (`clusterrole/look`)."""

    def kubeconfig(self, attempt: str) -> Path | None:
        """A kubeconfig of the attempt's cluster, for this computer alone; None where it has no cluster."""

    def prepare(self, cluster: ClusterSpec, progress: Progress = silent) -> None:
        """Make a cluster that no attempt uses yet; it is one of those that `spares` lists."""

    def spares(self) -> Sequence[SpareCluster]:
        """What stays between attempts."""

    def release(self, name: str) -> None:
        """Remove one of those that `spares` lists. Nothing to remove is no error."""
