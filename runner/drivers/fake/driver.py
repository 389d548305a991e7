"""A driver in memory that fails on demand; it is shipped, so that packs can test with it too.

driver = FakeDriver(answer=lambda machine, command: Result(0, b"", b""))
driver.fail_at("boot")          # the next `provision` raises EnvironmentBroken there
driver.gone.add("node1")        # its channel raises MachineGone
driver.dead = True              # every verb raises EngineGone
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rung.checks.core.channel import DEFAULT_TIMEOUT, MachineGone, Result
from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.plan import (
    NOTHING,
    AttemptInfo,
    MachineState,
    Need,
    Plan,
    PowerState,
    SpareCluster,
    Terminal,
    UserCluster,
)
from rung.runner.lab.model import ClusterSpec

Answer = Callable[[str, str], Result]


def nothing(_machine: str, _command: str) -> Result:
    """The answer of a machine on which every command succeeds and prints nothing."""
    return Result(0, b"", b"")


def fake_capabilities() -> dict[str, str | None]:
    """Each capability a lab on a fake machine may name -> None where it has it, else the reason why not."""
    return {"systemd": None, "reboot": None, "net-admin": None, "selinux": "a fake has none"}


@dataclass
class FakeChannel:
    """Answers by the driver's function, and records each command."""

    driver: FakeDriver
    attempt: str
    machine: str

    def run(
        self,
        command: str,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        stdin: bytes = b"",
        again: bool = True,
    ) -> Result:
        self.driver.alive()
        state = self.driver.state(self.attempt, self.machine)
        if self.machine in self.driver.gone or state != "running":
            raise MachineGone(f"{self.machine} no longer answers", self.machine)
        self.driver.asked.append((self.machine, command))
        return self.driver.answer(self.machine, command)

    def interrupt(self, thread: int) -> None:
        """A fake command ends at once."""

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class FakeDriver:
    """Every verb of `rung.runner.drivers.base.protocols` in memory: a `Driver`, and `Drivers` as callers hold them."""

    answer: Answer = nothing
    name: str = "fake"
    dead: bool = False
    gone: set[str] = field(default_factory=set)
    comes_back: bool = True  # whether a machine that is gone answers again after a restart
    here: bool = True  # what `is_here` answers
    asked: list[tuple[str, str]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    spare_clusters: list[SpareCluster] = field(default_factory=list)
    _found: dict[str, AttemptInfo] = field(default_factory=dict)
    _channels: dict[tuple[str, str], FakeChannel] = field(default_factory=dict)
    _fail_at: str | None = None

    def fail_at(self, step: str) -> None:
        """Make the next `provision` fail at a step: network, create, boot or wait."""
        self._fail_at = step

    def alive(self) -> None:
        """Raise EngineGone if `dead` is set."""
        if self.dead:
            raise EngineGone("The engine does not answer.", fix="Start it again.")

    def state(self, attempt: str, machine: str) -> PowerState:
        """The state of a machine; "missing" where the attempt or the machine does not exist."""
        found = self._found.get(attempt)
        return next((m.state for m in found.machines if m.name == machine), "missing") if found else "missing"

    def set_state(self, attempt: str, state: PowerState, *machines: str) -> None:
        """Put machines (all, if none is named) into a state, as a learner or a crash would."""
        found = self._found[attempt]
        changed = tuple(replace(m, state=state) if not machines or m.name in machines else m for m in found.machines)
        self._found[attempt] = replace(found, machines=changed)

    def lose(self, attempt: str, machine: str) -> None:
        """Remove one machine, as an interrupted start or another user of the engine would."""
        found = self._found[attempt]
        self._found[attempt] = replace(found, machines=tuple(m for m in found.machines if m.name != machine))

    @classmethod
    def connect(cls, machines: object = None) -> FakeDriver:  # noqa: ARG003
        """A fake that has no attempts; it needs no engine, and so none of `machines`."""
        return cls()

    def capabilities(self) -> Mapping[str, str | None]:
        return fake_capabilities()

    def capabilities_for(self, need: Need) -> Mapping[str, str | None]:
        return self.capabilities()

    def preload(self) -> None:
        """There is no engine to ask."""

    def prewarm(self, attempt: str | None) -> None:
        """Channels are opened at their first use."""

    def is_here(self, cluster: UserCluster) -> bool:
        return self.here

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        self.alive()
        made: tuple[MachineState, ...] = ()
        for step in ("network", "create", "boot", "wait"):
            if step == "create":
                made = tuple(MachineState(s.name, "running", s.shell, s.login) for s in plan.machines)
            self._found[plan.attempt] = AttemptInfo(
                plan.attempt,
                plan.lab,
                plan.path,
                plan.seed,
                plan.digest,
                datetime.now(UTC),
                made,
                (),
                len(plan.machines),
                plan.own,
            )
            progress(step, plan.lab)
            if step == self._fail_at:
                self._fail_at = None
                raise EnvironmentBroken(f"made to fail at {step}")

    def attempts(self) -> Sequence[AttemptInfo]:
        self.alive()
        return list(self._found.values())

    def channel(self, attempt: str, machine: str) -> FakeChannel:
        return self._channels.setdefault((attempt, machine), FakeChannel(self, attempt, machine))

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        self.alive()
        self.done.append(f"put {machine} {folder}")

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> Terminal:
        raise EnvironmentBroken("a fake machine has no terminal")

    def reboot(self, attempt: str, machine: str) -> None:
        self.alive()
        self.done.append(f"reboot {machine}")
        if self.comes_back:
            self.gone.discard(machine)
            self.set_state(attempt, "running", machine)

    def revive(self, attempt: str) -> list[str]:
        self.alive()
        found = self._found.get(attempt)
        stopped = [m.name for m in found.machines if m.state == "stopped"] if found else []
        for name in stopped:
            self.set_state(attempt, "running", name)
        return stopped

    def pause(self, attempt: str) -> None:
        self.set_state(attempt, "paused")

    def resume(self, attempt: str) -> None:
        self.set_state(attempt, "running")

    def halt(self, attempt: str) -> None:
        self.alive()
        self.done.append(f"halt {attempt}")
        self.set_state(attempt, "stopped")

    def kubeconfig(self, attempt: str) -> Path | None:
        return None

    def prepare(self, cluster: ClusterSpec, progress: Progress = silent) -> None:
        self.alive()
        progress("cluster", "making one")
        nodes = tuple(MachineState(name, "running", True, "root") for name in cluster.nodes)
        self.spare_clusters.append(
            SpareCluster(f"{len(self.spare_clusters):08x}", nodes, datetime.now(UTC), True, len(nodes))
        )

    def spares(self) -> Sequence[SpareCluster]:
        return tuple(self.spare_clusters)

    def release(self, name: str) -> None:
        self.alive()
        self.spare_clusters = [k for k in self.spare_clusters if k.name != name]

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        return False

    def destroy_later(self, attempt: str) -> None:
        self.destroy(attempt)

    def collect_garbage(self) -> None:
        """`destroy_later` left nothing."""

    def forget(self, attempt: str) -> None:
        self.destroy(attempt)

    def leftovers(self, attempt: str) -> Sequence[str]:
        return ()

    def destroy(self, attempt: str) -> None:
        self.alive()
        self.done.append(f"destroy {attempt}")
        self._found.pop(attempt, None)
