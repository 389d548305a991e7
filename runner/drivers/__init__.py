"""Drivers provide machines. A driver is the Protocol below, an entry in `DRIVERS`, and a test run.

What exists stands in the driver's own labels, never in a file of Rung's: so a killed process leaves
nothing that `status` does not see and `stop --all` does not remove.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # `rung labs` asks what drivers can do, and has no use for pydantic
    from rung.checks.machine import Channel
    from rung.runner.lab import MachineSpec

State = Literal["running", "paused", "stopped", "missing"]
# Told each step as it begins: ("boot", "node1"). Raising from it interrupts the work.
Progress = Callable[[str, str], None]


def silent(_step: str, _what: str) -> None:
    """A Progress that tells nobody."""


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


@dataclass(frozen=True)
class MachineState:
    """One machine as the driver sees it now."""

    name: str
    state: State
    shell: bool
    login: str
    address: str | None = None


@dataclass(frozen=True)
class Found:
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


class Terminal(Protocol):
    """A login on a machine, attached to a pseudo-terminal there."""

    def fileno(self) -> int: ...
    def recv(self, size: int) -> bytes:
        """Bytes from the machine; b"" when the login has ended."""

    def send(self, data: bytes) -> None: ...
    def resize(self, rows: int, columns: int) -> None: ...
    def close(self) -> None: ...
    def exit_status(self) -> int | None: ...


class Driver(Protocol):
    """Provides machines. Errors: EngineGone, EnvironmentBroken (exit code 3); MachineGone from channels."""

    name: str

    def capabilities(self) -> Mapping[str, str | None]:
        """Each capability a lab may name -> None where this driver has it, else the reason why not."""

    def warm(self) -> None:
        """Begin to ask, in the background, what `provision` needs to know of the engine."""

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        """Create networks and machines, boot them to `default.target` with no failed unit outside the
        spec's list. Leaves what it made to `destroy` when it raises."""

    def attempts(self) -> Sequence[Found]:
        """Every attempt of which anything exists, oldest first."""

    def channel(self, attempt: str, machine: str) -> Channel:
        """A grader's channel to a machine (opened at first use)."""

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        """Unpack a tar archive below a folder of the machine (which exists)."""

    def terminal(self, attempt: str, machine: str, user: str, rows: int, columns: int) -> Terminal:
        """Log `user` in through PAM, on a pseudo-terminal."""

    def reboot(self, attempt: str, machine: str) -> None:
        """A real stop (services end cleanly) and start, until it is up again."""

    def revive(self, attempt: str) -> list[str]:
        """Start machines that have stopped (`poweroff` typed inside); names of those started."""

    def pause(self, attempt: str) -> None:
        """Stop the machines, keeping their state (memory is freed)."""

    def resume(self, attempt: str) -> None:
        """Start them again after `pause`."""

    def destroy(self, attempt: str) -> None:
        """Remove everything of this attempt: containers, volumes, networks. Nothing to remove is no error."""


def container() -> Driver:
    from rung.runner.drivers.container import ContainerDriver

    return ContainerDriver.connect()


DRIVERS: dict[str, Callable[[], Driver]] = {"container": container}
