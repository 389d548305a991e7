"""An attempt: one learner on one lab, from start to stop.

What exists is asked of the driver each time; the journal only says what happened.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from rung.checks.machine import Machine
from rung.runner.drivers import Driver, Found, MachineState, Plan, Progress, Terminal, silent
from rung.runner.errors import EnvironmentBroken, UsageError
from rung.runner.journal import Journal
from rung.runner.lab import Lab
from rung.runner.provision import apply_start, run_script, wait_for_shutdown

AttemptState = Literal["ready", "starting", "incomplete", "paused", "stopped"]
_KIND = "container"


def plan_of(lab: Lab, attempt: str) -> Plan:
    """What a lab needs of its driver."""
    return Plan(
        attempt=attempt,
        lab=lab.name,
        path=str(lab.folder),
        seed=lab.seed,
        digest=lab.digest,
        machines=tuple(lab.machines),
        capabilities=frozenset(lab.capabilities),
    )


def missing_capabilities(lab: Lab, driver: Driver) -> dict[str, str]:
    """Capability -> why this driver lacks it, for those that the lab needs."""
    has = driver.capabilities()
    unknown = f"the {driver.name} driver does not know it"
    reasons = {name: has.get(name, unknown) for name in lab.capabilities}
    if lab.environment.cluster is not None:
        reasons["cluster"] = f"the {driver.name} driver provides Linux machines only"
    return {name: why for name, why in reasons.items() if why is not None}


def new_seed() -> int:
    """A seed for an attempt that names none, 1 to 999,999."""
    return 1 + secrets.randbelow(999_999)


@dataclass(frozen=True)
class Attempt:
    """One attempt as it is now. `state` is the truth at the time it was asked for."""

    driver: Driver
    found: Found
    state: AttemptState

    @property
    def id(self) -> str:
        return self.found.attempt

    @property
    def lab_name(self) -> str:
        return self.found.lab

    @property
    def path(self) -> Path:
        return Path(self.found.path)

    @property
    def seed(self) -> int:
        return self.found.seed

    @property
    def created(self) -> datetime:
        return self.found.created

    @property
    def machines(self) -> tuple[MachineState, ...]:
        return self.found.machines

    @cached_property
    def journal(self) -> Journal:
        return Journal.of(self.id)

    def lab(self) -> Lab:
        """The lab with this attempt's seed, read again. Raises LabFileError, UsageError if it is gone."""
        from rung.runner import labfile

        if not (self.path / "lab.yaml").exists():
            raise UsageError(
                f"The lab of attempt {self.id} is no longer at {self.path}.",
                fix="Put it back, or end the attempt with `rung stop`.",
            )
        return labfile.load(self.path, self.seed)

    def hosts(self) -> dict[str, Machine]:
        """Machine name -> the machine as checks see it."""
        names = [m.name for m in self.machines]
        return {name: Machine(name, self.driver.channel(self.id, name)) for name in names}

    def warm(self) -> None:
        """Begin to open the grader's channels (the engine takes 0.1 s for each) while the lab is being read."""
        for host in self.hosts().values():
            threading.Thread(target=_touch, args=(host,), daemon=True).start()

    def machine(self, name: str | None = None) -> MachineState:
        """A machine that the learner may enter; the first of the lab when none is named."""
        enterable = [m for m in self.machines if m.shell]
        if name is None:
            order = [spec.name for spec in self.lab().machines if spec.shell]
            enterable.sort(key=lambda m: order.index(m.name) if m.name in order else len(order))
        chosen = next((m for m in enterable if name in (None, m.name)), None)
        if chosen is None:
            have = ", ".join(m.name for m in enterable) or "none"
            raise UsageError(f"There is no machine `{name}` to enter.", fix=f"Machines of this lab: {have}.")
        return chosen

    def terminal(self, machine: str | None, rows: int, columns: int) -> Terminal:
        """Log in as the lab's `login` on a pseudo-terminal of a machine."""
        chosen = self.machine(machine)
        return self.driver.terminal(self.id, chosen.name, chosen.login, rows, columns)

    def run_script(self, text: str, lab: Lab, *, timeout: float = 120.0) -> None:
        """Run a script as a learner would type it, part by part. Raises ScriptFailed."""
        run_script(self.driver, self.id, lab, text, timeout=timeout)

    def revive(self) -> list[str]:
        """Start machines that the learner stopped; a shutdown under way is waited for. Names started."""
        if self.state == "paused":
            return []
        for name, host in self.hosts().items():
            wait_for_shutdown(self.driver, self.id, name, host)
        started = self.driver.revive(self.id)
        if started:
            self.journal.append("revived", machines=started)
        return started

    def reboot(self, names: Sequence[str]) -> None:
        """Restart machines, one after the other, until each is up again."""
        for name in names:
            self.driver.reboot(self.id, name)

    def pause(self) -> None:
        self.driver.pause(self.id)
        self.journal.append("paused")

    def resume(self) -> None:
        self.driver.resume(self.id)
        self.journal.append("resumed")

    def reset(self, progress: Progress = silent) -> None:
        """Back to the starting state, with the same seed. On an error nothing of it is left."""
        lab = self.lab()
        self.journal.append("reset")
        progress("remove", self.lab_name)
        _make(self.driver, lab, self.id, keep=False, progress=progress, first=lambda: self.driver.destroy(self.id))

    def stop(self) -> None:
        """Remove everything of the attempt but its journal."""
        self.driver.destroy(self.id)
        self.journal.append("stopped")


def _touch(host: Machine) -> None:
    # Whatever is wrong with the machine, grading meets it again and says it.
    with contextlib.suppress(Exception):
        host.run(":")


class Attempts:
    """Every attempt of which anything exists on a driver."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    def all(self) -> list[Attempt]:
        """Oldest first, each with its true state."""
        return [Attempt(self.driver, f, state_of(f)) for f in self.driver.attempts()]

    def current(self, attempt: str | None = None) -> Attempt:
        """The attempt named (by id or the id's beginning, or by lab), or the only one there is.

        Raises UsageError where there is none, or more than one and none is named.
        """
        found = self.all()
        if attempt is not None:
            matching = [a for a in found if a.id.startswith(attempt) or a.lab_name == attempt]
        else:
            matching = [a for a in found if a.state not in ("starting", "incomplete")] or found
        if len(matching) == 1:
            return matching[0]
        if not found:
            raise UsageError("No lab is running.", fix="`rung start` begins one; `rung labs` lists them.")
        if not matching:
            raise UsageError(f"There is no attempt `{attempt}`.", fix="`rung status` lists them.")
        listed = ", ".join(f"{a.id} ({a.lab_name})" for a in matching)
        raise UsageError(f"Several labs are running: {listed}.", fix="Name one with `--attempt ID`.")

    def start(self, lab: Lab, *, keep: bool = False, progress: Progress = silent) -> Attempt:
        """Provide a lab's machines in their starting state.

        Everything is validated before anything is created; what fails or is interrupted half-way is
        removed again unless `keep`. Raises EnvironmentBroken, UsageError.
        """
        from rung.runner import trust

        trust.require(lab.folder)
        lacking = missing_capabilities(lab, self.driver)
        if lacking:
            why = "; ".join(f"{name}: {reason}" for name, reason in sorted(lacking.items()))
            raise EnvironmentBroken(
                f"{lab.name} cannot run here. It needs {why}.", fix="`rung labs` marks the labs that run here."
            )
        attempt = secrets.token_hex(4)
        _make(self.driver, lab, attempt, keep=keep, progress=progress)
        return next(a for a in self.all() if a.id == attempt)

    def stop_all(self, progress: Progress = silent) -> list[str]:
        """End every attempt, also those that a killed process left half-made; their ids."""
        ended = []
        for attempt in self.all():
            progress("stop", attempt.lab_name)
            attempt.stop()
            ended.append(attempt.id)
        return ended


def _make(driver: Driver, lab: Lab, attempt: str, *, keep: bool, progress: Progress, first: object = None) -> None:
    journal = Journal.of(attempt)
    journal.append("starting", lab=lab.name, path=str(lab.folder), seed=lab.seed, digest=lab.digest, process=_process())
    try:
        if callable(first):
            first()
        driver.provision(plan_of(lab, attempt), progress)
        facts = apply_start(driver, attempt, lab, progress)
        progress("ready", lab.name)
        journal.append("ready", facts=facts)
    except BaseException as error:
        if not keep:
            driver.destroy(attempt)
            journal.append("failed", why=str(error) or type(error).__name__)
        raise


def _process() -> str:
    """This process, so that another one can tell whether it still lives: its id and its start time."""
    return _alive_as(os.getpid()) or str(os.getpid())


def _alive_as(pid: int) -> str | None:
    """`pid:start time` of a living process; without /proc (macOS) the id alone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return f"{pid}:{stat.rsplit(')', 1)[1].split()[19]}"
    except OSError:
        pass
    if Path("/proc/self").exists():
        return None
    try:
        os.kill(pid, 0)
    except OSError:
        return None
    return str(pid)


def state_of(found: Found) -> AttemptState:
    """The truth about an attempt: what the driver's labels say, and whether its start came to its end."""
    last = Journal.of(found.attempt).last("starting", "ready", "failed")
    if last is not None and last["event"] == "starting":
        process = str(last.get("process", "0"))
        return "starting" if _alive_as(int(process.split(":")[0])) == process else "incomplete"
    failed = last is not None and last["event"] == "failed"
    # Without a journal it is another user's (or another RUNG_HOME's): then the labels are all there is.
    if failed or len(found.machines) < found.expected or not found.machines:
        return "incomplete"
    states = {m.state for m in found.machines}
    if "paused" in states:
        return "paused"
    return "ready" if states == {"running"} else "stopped"
