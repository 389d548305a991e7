"""What drivers offer, as small protocols: every driver is a `Driver`, the rest is optional.

The driver's own labels say what exists, never a file of Rung's: so `rung status` shows what a killed process left, and
`rung stop --all` removes it. `rung.runner.drivers.registry` asks the driver of a plan or an attempt,
and answers itself what that driver does not offer; callers hold it as `Drivers`.

Every verb raises EngineGone where the engine does not answer, and EnvironmentBroken where it refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.plan import NOTHING, AttemptInfo, Need, Plan, SpareCluster, Terminal, UserCluster

if TYPE_CHECKING:
    from pathlib import Path

    from rung.checks.core.channel import Channel
    from rung.runner.lab.model import ClusterSpec


class Machines(Protocol):
    """Creates, runs and removes the machines of attempts."""

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        """Create the plan's networks and machines, and boot them: `default.target` is reached, and no unit failed but
        those that the machine's spec allows. Where it raises, `destroy` removes what it created."""

    def attempts(self) -> Sequence[AttemptInfo]:
        """Every attempt of which anything exists, oldest first."""

    def channel(self, attempt: str, machine: str) -> Channel:
        """The grader's channel to a machine: the same one for every caller, opened at its first command."""

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        """Unpack a tar archive below a folder of the machine (which exists)."""

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> Terminal:
        """Log `user` in through PAM, on a pseudo-terminal; the login shell gets `environment` beside its own."""

    def reboot(self, attempt: str, machine: str) -> None:
        """Stop a machine, so that services end cleanly, start it, and wait until it is up again."""

    def revive(self, attempt: str) -> list[str]:
        """Start the machines that have stopped (`poweroff` typed inside); the names of those started."""

    def pause(self, attempt: str) -> None:
        """Freeze every process of the machines; they keep their memory."""

    def resume(self, attempt: str) -> None:
        """Undo `pause`; machines that have stopped are started too."""

    def halt(self, attempt: str) -> None:
        """Stop the machines cleanly: they keep their disks and need no memory. `revive` starts them again."""

    def destroy(self, attempt: str) -> None:
        """Remove everything of an attempt. Nothing to remove is no error."""


class Driver(Machines, Protocol):
    """What every driver offers."""

    name: str  # its key in `rung.runner.drivers.registry.DRIVERS`

    def capabilities(self) -> Mapping[str, str | None]:
        """Each capability a lab may name -> None where this driver has it, else the reason why not."""


@runtime_checkable
class Preloading(Protocol):
    """Asks the engine ahead, while the rest of the program is imported."""

    def preload(self) -> None:
        """Begin, in the background, to ask what `provision` needs to know of the engine."""

    def prewarm(self, attempt: str | None) -> None:
        """Begin, in the background, to open the channels to an attempt's machines (None: of the only attempt)."""


@runtime_checkable
class Clusters(Protocol):
    """Gives access to the cluster of an attempt."""

    def kubeconfig(self, attempt: str) -> Path:
        """A kubeconfig of the attempt's cluster, to be used on this computer alone."""

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        """Create what a lab's setup.yaml lists. False: not everything was created, and the caller applies the rest as
        a learner would, with kubectl on the lab's first machine."""


@runtime_checkable
class Spares(Protocol):
    """Keeps clusters between attempts, and removes some later than their attempt."""

    def prepare(self, cluster: ClusterSpec, progress: Progress = silent) -> None:
        """Create a cluster that no attempt uses yet; `spares` lists it."""

    def spares(self) -> Sequence[SpareCluster]:
        """The clusters that no attempt uses."""

    def release(self, name: str) -> None:
        """Remove a cluster that `spares` lists. Nothing to remove is no error."""

    def destroy_later(self, attempt: str) -> None:
        """As `destroy`, for an attempt that begins again at once: what takes long may be left to `collect_garbage`."""

    def collect_garbage(self) -> None:
        """Remove what `destroy_later` left. Nothing to remove is no error."""


@runtime_checkable
class UserClusterDriver(Protocol):
    """Runs attempts on a cluster that the user brings."""

    def is_here(self, cluster: UserCluster) -> bool:
        """Whether the cluster runs on this computer; if not, the user is asked first."""

    def forget(self, attempt: str) -> None:
        """As `destroy`, but where the cluster does not answer, what was created there stays."""

    def leftovers(self, attempt: str) -> Sequence[str]:
        """What is new in the cluster since the attempt began and was not created for it, so that `destroy` left it
        (`clusterroles/look`)."""


class Drivers(Machines, Preloading, Spares, UserClusterDriver, Protocol):
    """What callers ask: all drivers as one. `DriverRegistry` is it, and so is the fake, which offers everything."""

    def capabilities_for(self, need: Need) -> Mapping[str, str | None]:
        """The capabilities of the driver that plans of this need go to."""

    def kubeconfig(self, attempt: str) -> Path | None:
        """As `Clusters.kubeconfig`; None where the attempt has no cluster."""

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        """As `Clusters.apply_manifests`; False where the attempt has no cluster."""
