"""A fake engine that outlives its process: its attempts, and the facts of their machines, are in a file.

What a learner does to a machine is `do(attempt, "set a yes")`. With KILL=N in the environment the process kills
itself, as kill -9 does, at the N-th thing that it does to the world: an event it writes, a verb of the engine.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rung.checks.core.channel import DEFAULT_TIMEOUT, MachineGone, Result
from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.core.journal import EventJournal
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.plan import AttemptInfo, MachineState, Plan
from rung.runner.drivers.fake.driver import FakeDriver


class Death:
    """Counts changes of the world, and kills the process at the one with the number `at`."""

    def __init__(self, at: int, log: Path | None = None) -> None:
        self.at, self.count, self.log = at, 0, log

    def near(self, what: str) -> None:
        self.count += 1
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(f"{self.count} {what}\n")
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


NEVER = Death(0)


@dataclass
class DiskChannel:
    driver: DiskDriver
    attempt: str
    machine: str

    def run(
        self,
        command: str,
        *,
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ARG002
        stdin: bytes = b"",
        again: bool = True,  # noqa: ARG002
    ) -> Result:
        with self.driver.world() as world:
            found = world["attempts"].get(self.attempt)
            if found is None or found["machines"][0]["state"] != "running":
                raise MachineGone(f"{self.machine} does not run", self.machine)
            facts = world["facts"].setdefault(self.attempt, {})
            for line in stdin.decode().splitlines():
                match line.split():
                    case ["set", name, value]:
                        facts[name] = value
            word, _, name = command.partition(" ")
            return Result(0, facts.get(name, "").encode() if word == "get" else b"", b"")

    def close(self) -> None:
        """Nothing is open."""


class DiskDriver(FakeDriver):
    """The verbs of a driver over a file."""

    def __init__(self, path: Path, death: Death = NEVER) -> None:
        super().__init__()
        self.path, self.death = path, death

    @contextlib.contextmanager
    def world(self) -> Iterator[dict[str, Any]]:
        """What exists, for one process at a time; changes are written together at the end of the block."""
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            text = self.path.read_text() if self.path.exists() else ""
            world = json.loads(text) if text else {"attempts": {}, "facts": {}, "dead": False, "done": []}
            if world["dead"]:
                raise EngineGone("The engine does not answer.", fix="Start it again.")
            yield world
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps(world))
            fresh.replace(self.path)

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        for step in ("create", "boot"):
            progress(step, plan.lab)
            self.death.near(f"{step} {plan.lab}")
            with self.world() as world:
                if plan.lab in world.get("refused", []):
                    raise EnvironmentBroken(f"{plan.lab} does not boot.")
                machines = [asdict(MachineState(s.name, "running", s.shell, s.login)) for s in plan.machines]
                found = AttemptInfo(plan.attempt, plan.lab, plan.path, plan.seed, plan.digest, datetime.now())
                data = asdict(found) | {"created": "2026-01-01T00:00:00+00:00", "machines": machines}
                world["attempts"][plan.attempt] = data | {"expected": len(machines)}
                world["facts"][plan.attempt] = {}
                world["done"].append(f"{step} {plan.attempt}")

    def attempts(self) -> Sequence[AttemptInfo]:
        with self.world() as world:
            return [self._found_of(data) for data in world["attempts"].values()]

    @staticmethod
    def _found_of(data: Mapping[str, Any]) -> AttemptInfo:
        machines = tuple(MachineState(**machine) for machine in data["machines"])
        rest = {k: v for k, v in data.items() if k not in ("machines", "created", "networks")}
        return AttemptInfo(**rest, machines=machines, created=datetime.fromisoformat(data["created"]))

    def channel(self, attempt: str, machine: str) -> Any:
        return DiskChannel(self, attempt, machine)

    def _each(self, attempt: str, verb: str, state: str, *of: str) -> list[str]:
        self.death.near(f"{verb}")
        with self.world() as world:
            found = world["attempts"].get(attempt, {"machines": []})
            changed = [m for m in found["machines"] if not of or m["state"] in of]
            for machine in changed:
                machine["state"] = state
            world["done"].append(f"{verb} {attempt}")
            return [m["name"] for m in changed]

    def reboot(self, attempt: str, machine: str) -> None:  # noqa: ARG002
        self._each(attempt, "reboot", "running")

    def revive(self, attempt: str) -> list[str]:
        with self.world() as world:
            found = world["attempts"].get(attempt, {"machines": []})
            if not any(m["state"] == "stopped" for m in found["machines"]):
                return []
        return self._each(attempt, "revive", "running", "stopped")

    def pause(self, attempt: str) -> None:
        self._each(attempt, "pause", "paused", "running")

    def resume(self, attempt: str) -> None:
        self._each(attempt, "resume", "running", "paused", "stopped")

    def halt(self, attempt: str) -> None:
        self._each(attempt, "halt", "stopped")

    def destroy(self, attempt: str) -> None:
        self.death.near("destroy")
        with self.world() as world:
            world["attempts"].pop(attempt, None)
            world["done"].append(f"destroy {attempt}")

    def do(self, attempt: str, line: str) -> None:
        """What a learner does on a machine."""
        DiskChannel(self, attempt, "node1").run("sh", stdin=line.encode())

    def capabilities(self) -> Mapping[str, str | None]:
        return {"systemd": None, "reboot": None}


def mortal(death: Death) -> None:
    """Let this process die before or after an event that it writes to a journal."""
    real = EventJournal.append

    def append(self: EventJournal, event: str, **data: Any) -> None:
        death.near(f"before {event}")
        real(self, event, **data)
        death.near(f"after {event}")

    EventJournal.append = append  # type: ignore[method-assign]


class Booted:
    """The clocks of a computer that started at another time than this one, in place of the module `time`."""

    CLOCK_BOOTTIME = CLOCK_MONOTONIC = 0
    time = staticmethod(time.time)

    def __init__(self, at: float) -> None:
        self.at = at

    def monotonic(self) -> float:
        return time.time() - self.at

    def clock_gettime(self, _clock: int) -> float:
        return self.monotonic()


def main() -> int:
    """`rung`, as a process of its own on the engine in the file that $WORLD names."""
    from rung.runner.cli import process, rung
    from rung.runner.core import background
    from rung.runner.exams import clock, supervisor
    from rung.runner.services import current

    log = os.environ.get("KILL_LOG")
    death = Death(int(os.environ.get("KILL", "0")), Path(log) if log else None)
    mortal(death)
    driver = DiskDriver(Path(os.environ["WORLD"]), death)
    current.driver = lambda: driver
    current.capabilities = driver.capabilities_for
    here = str(Path(__file__).parent)
    background.CODE = f"import sys; sys.path[:0] = [{here!r}]; import disk_driver; sys.exit(disk_driver.main())"
    if booted := os.environ.get("BOOTED"):
        clock.time = Booted(float(booted))  # type: ignore[assignment]
        clock._boot = lambda: f"the boot at {booted}"
    if os.environ.get("NO_KEEPER"):
        supervisor.launch = lambda exam: None  # noqa: ARG005
    return process.run(rung, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
