"""An attempt: one learner on one lab, from start to stop.

The driver is asked each time what exists; the journal only says what happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from rung.checks.core.machine import Machine
from rung.runner.attempts.setup import cluster_of, run_script, wait_for_shutdown
from rung.runner.attempts.start import create_attempt, plan_of
from rung.runner.attempts.state import STARTS, AttemptState
from rung.runner.catalog import trust
from rung.runner.core.errors import EnvironmentBroken, Unrecorded, UsageError
from rung.runner.core.journal import EventJournal
from rung.runner.core.progress import Progress, silent
from rung.runner.core.threads import for_each, submit
from rung.runner.drivers.base.plan import NOTHING, AttemptInfo, MachineState, Terminal
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rung.checks.cluster import Cluster


@dataclass(frozen=True)
class Attempt:
    """One attempt. `found` and `state` are as they were when the driver was asked."""

    driver: Drivers
    found: AttemptInfo
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
    def journal(self) -> EventJournal:
        return EventJournal.of(self.id)

    @cached_property
    def exam(self) -> str | None:
        """The id of the exam that the attempt is a question of; None outside exams."""
        began = self.journal.last("starting") or {}
        return str(began["exam"]) if "exam" in began else None

    def lab(self) -> Lab:
        """Read the lab again, with this attempt's seed.

        Raises LabFileError where it has mistakes, UsageError where it is no longer there.
        """
        if not (self.path / "lab.yaml").exists():
            raise UsageError(
                f"The lab of attempt {self.id} is no longer at {self.path}.",
                fix="Put it back, or end the attempt with `rung stop`.",
            )
        return loader.load(self.path, self.seed)

    def hosts(self) -> dict[str, Machine]:
        """The machines as checks see them, by name."""
        names = [m.name for m in self.machines]
        return {name: Machine(name, self.driver.channel(self.id, name)) for name in names}

    @contextmanager
    def cluster(self, lab: Lab) -> Iterator[Cluster | None]:
        """The lab's cluster as checks see it, open inside the `with`; None for a lab of machines."""
        with cluster_of(self.driver, self.id, lab) as cluster:
            if cluster is not None and (self.journal.last("ready") or {}).get("policies") == "tried":
                cluster.capabilities |= {"network-policy"}
            yield cluster

    def preload(self) -> None:
        """Begin the first step of `revive` in the background, while the lab is read.

        It opens the grader's channels, each of which takes the engine 0.1 s.
        """
        for name, host in self.hosts().items():
            self._asked[name] = submit(partial(wait_for_shutdown, self.driver, self.id, name, host))

    @cached_property
    def _asked(self) -> dict[str, Future[bool]]:
        """The questions that `preload` has begun, by machine: whether it is shutting down."""
        return {}

    def _wait_for_shutdown(self, host: tuple[str, Machine]) -> None:
        begun = self._asked.pop(host[0], None)
        if begun is not None:
            begun.result()
        else:
            wait_for_shutdown(self.driver, self.id, *host)

    def machine(self, name: str | None = None) -> MachineState:
        """A machine that the learner may enter; the lab's first where none is named.

        Raises UsageError where there is no such machine.
        """
        enterable = [m for m in self.machines if m.shell]
        if name is None:
            order = [spec.name for spec in self.lab().machines if spec.shell]
            enterable.sort(key=lambda m: order.index(m.name) if m.name in order else len(order))
        chosen = next((m for m in enterable if name in (None, m.name)), None)
        if chosen is None:
            have = ", ".join(m.name for m in enterable) or "none"
            raise UsageError(f"There is no machine `{name}` to enter.", fix=f"Machines of this lab: {have}.")
        return chosen

    def terminal(
        self, machine: str | None, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> Terminal:
        """Log in on a machine (default: the lab's first) as its `login`, on a pseudo-terminal.

        `environment`: variables that the shell gets. Raises UsageError for a machine that cannot be entered.
        """
        chosen = self.machine(machine)
        return self.driver.terminal(self.id, chosen.name, chosen.login, rows, columns, environment)

    def run_script(self, text: str, lab: Lab, *, timeout: float = 120.0) -> None:
        """Run a script as a learner would type it, part by part; `timeout`: seconds for each part.

        Raises ScriptFailed where a part fails or takes longer.
        """
        run_script(self.driver, self.id, lab, text, timeout=timeout)

    def revive(self) -> list[str]:
        """Start the machines that the learner stopped, and return their names; a paused attempt is left paused.

        A shutdown under way is waited for first.
        """
        if self.state == "paused":
            return []
        for_each(list(self.hosts().items()), self._wait_for_shutdown)
        started = self.driver.revive(self.id)
        if started:
            self.journal.append("revived", machines=started)
        return started

    def reboot(self, names: Sequence[str]) -> None:
        """Restart machines, one after the other, and wait until each is up again."""
        for name in names:
            self.driver.reboot(self.id, name)

    def pause(self) -> None:
        self.driver.pause(self.id)
        self.journal.append("paused")

    def resume(self) -> None:
        self.driver.resume(self.id)
        self.journal.append("resumed")

    def halt(self) -> None:
        """Stop the machines, which frees their memory; `revive` starts them again."""
        self.driver.halt(self.id)
        self.journal.append("halted")

    def reset(self, progress: Progress = silent) -> None:
        """Make the attempt anew in its starting state, with the same seed. After an error nothing of it is left.

        Raises LabFileError, and UsageError where the lab is gone, is not trusted (any more) or shares its cluster with
        other questions of an exam: all of these before anything is removed. Raises EnvironmentBroken where it cannot
        be made.
        """
        lab = self.lab()
        trust.require(lab.folder)
        if "share" in (self.journal.last("starting") or {}):
            raise UsageError(
                "Other questions of the exam share this one's cluster, so it cannot be put back alone.",
                fix="`rung exam shell N --new` begins question N again, on a cluster of its own.",
            )
        self.journal.append("reset")
        progress("remove", self.lab_name)
        first = partial(self.driver.destroy_later, self.id)
        plan = plan_of(lab, self.id, own=self.found.own)
        create_attempt(self.driver, lab, plan, keep=False, progress=progress, first=first, exam=self.exam)

    def changed(self, lab: Lab) -> bool:
        """Whether the lab's files have changed since the machines were made."""
        return self.found.digest not in ("", lab.digest)

    def kept_why(self) -> str | None:
        """Why the start failed, if the attempt was kept all the same (`--keep`); None for any other attempt."""
        last = self.journal.last(*STARTS) or {}
        return str(last.get("why", "")) if last.get("event") == "kept" else None

    def stop(self, *, forget: bool = False) -> None:
        """Remove everything of the attempt but its journal.

        `forget`: leave behind what lies in a cluster of the user's that does not answer. Raises EnvironmentBroken
        where something cannot be removed, Unrecorded where all is removed but the journal cannot be written.
        """
        (self.driver.forget if forget else self.driver.destroy)(self.id)
        try:
            self.journal.append("stopped")
        except EnvironmentBroken as error:
            raise Unrecorded(f"Attempt {self.id} is removed, but: {error}", fix=error.fix) from error
