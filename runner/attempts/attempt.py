"""An attempt: one learner on one lab, from start to stop.

What exists is asked of the driver each time; the journal only says what happened.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from rung.checks.core.machine import Machine
from rung.runner.attempts.setup import cluster_of, run_script, wait_for_shutdown
from rung.runner.attempts.start import create_attempt, plan_of
from rung.runner.attempts.state import STARTS, AttemptState, state_of
from rung.runner.catalog import trust
from rung.runner.core.errors import EngineGone, EnvironmentBroken, Unrecorded, UsageError
from rung.runner.core.journal import EventJournal
from rung.runner.core.progress import Progress, silent
from rung.runner.core.threads import for_each, submit
from rung.runner.drivers.base.plan import NOTHING, AttemptInfo, MachineState, Terminal, UserCluster, need_of
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rung.checks.cluster import Cluster


def missing_capabilities(lab: Lab, driver: Drivers, own: UserCluster | None = None) -> dict[str, str]:
    """Capability -> why the driver that the lab goes to lacks it, for those that the lab needs.

    own: the user's cluster that the lab is to run on.
    """
    if not lab.capabilities and lab.cluster is None:
        return {}
    has = driver.capabilities_for(need_of(lab.cluster, own))
    unknown = "the driver does not know it"
    reasons = {name: has.get(name, unknown) for name in lab.capabilities}
    if lab.cluster is not None:
        reasons["cluster"] = has.get("cluster", unknown)
    return {name: why for name, why in reasons.items() if why is not None}


def new_id() -> str:
    """An id for an attempt."""
    return secrets.token_hex(4)


def new_seed() -> int:
    """A seed for an attempt that names none, 1 to 999,999."""
    return 1 + secrets.randbelow(999_999)


@dataclass(frozen=True)
class Attempt:
    """One attempt as it is now. `state` is the truth at the time it was asked for."""

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
        """The id of the exam that it is a question of."""
        began = self.journal.last("starting") or {}
        return str(began["exam"]) if "exam" in began else None

    def lab(self) -> Lab:
        """The lab with this attempt's seed, read again. Raises LabFileError, UsageError if it is gone."""
        if not (self.path / "lab.yaml").exists():
            raise UsageError(
                f"The lab of attempt {self.id} is no longer at {self.path}.",
                fix="Put it back, or end the attempt with `rung stop`.",
            )
        return loader.load(self.path, self.seed)

    def hosts(self) -> dict[str, Machine]:
        """Machine name -> the machine as checks see it."""
        names = [m.name for m in self.machines]
        return {name: Machine(name, self.driver.channel(self.id, name)) for name in names}

    @contextmanager
    def cluster(self, lab: Lab) -> Iterator[Cluster | None]:
        """The lab's cluster as checks see it, until it is left; None for a lab of machines."""
        with cluster_of(self.driver, self.id, lab) as cluster:
            if cluster is not None and (self.journal.last("ready") or {}).get("policies") == "tried":
                cluster.capabilities |= {"network-policy"}
            yield cluster

    def preload(self) -> None:
        """Begin what `revive` does first, while the lab is being read: that opens the grader's channels, each of which
        takes the engine 0.1 s."""
        for name, host in self.hosts().items():
            self._asked[name] = submit(partial(wait_for_shutdown, self.driver, self.id, name, host))

    @cached_property
    def _asked(self) -> dict[str, Future[bool]]:
        """Machine -> whether it is being shut down, as `warm` has begun to ask."""
        return {}

    def _wait_for_shutdown(self, host: tuple[str, Machine]) -> None:
        begun = self._asked.pop(host[0], None)
        if begun is not None:
            begun.result()
        else:
            wait_for_shutdown(self.driver, self.id, *host)

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

    def terminal(
        self, machine: str | None, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> Terminal:
        """Log in as the lab's `login` on a pseudo-terminal of a machine, with variables for the shell."""
        chosen = self.machine(machine)
        return self.driver.terminal(self.id, chosen.name, chosen.login, rows, columns, environment)

    def run_script(self, text: str, lab: Lab, *, timeout: float = 120.0) -> None:
        """Run a script as a learner would type it, part by part. Raises ScriptFailed."""
        run_script(self.driver, self.id, lab, text, timeout=timeout)

    def revive(self) -> list[str]:
        """Start machines that the learner stopped; a shutdown under way is waited for. Names started."""
        if self.state == "paused":
            return []
        for_each(list(self.hosts().items()), self._wait_for_shutdown)
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

    def halt(self) -> None:
        """Stop the machines, so that they need no memory; `revive` starts them again."""
        self.driver.halt(self.id)
        self.journal.append("halted")

    def reset(self, progress: Progress = silent) -> None:
        """Back to the starting state, with the same seed. On an error nothing of it is left.

        Raises UsageError, before anything is removed, where the lab is not trusted (any more).
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
        """Whether the lab's files are others than those that the machines were made by."""
        return self.found.digest not in ("", lab.digest)

    def kept_why(self) -> str | None:
        """Why the start failed, of an attempt that was to be kept all the same; None of any other."""
        last = self.journal.last(*STARTS) or {}
        return str(last.get("why", "")) if last.get("event") == "kept" else None

    def stop(self, *, forget: bool = False) -> None:
        """Remove everything of the attempt but its journal; `forget`: without what lies in a cluster of the user's
        that does not answer. Raises Unrecorded where only the journal cannot be written."""
        (self.driver.forget if forget else self.driver.destroy)(self.id)
        try:
            self.journal.append("stopped")
        except EnvironmentBroken as error:
            raise Unrecorded(f"Attempt {self.id} is removed, but: {error}", fix=error.fix) from error


class Attempts:
    """Every attempt of which anything exists on a driver."""

    def __init__(self, driver: Drivers) -> None:
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
            alone = [a for a in found if a.exam is None]
            matching = [a for a in alone if a.state not in ("starting", "incomplete")] or alone
        if len(matching) == 1:
            return matching[0]
        if not found:
            raise UsageError("No lab is running.", fix="`rung start` begins one; `rung labs` lists them.")
        if not matching and attempt is None:
            raise UsageError(
                "What is running are the questions of an exam.",
                fix="`rung exam status` shows them, `rung exam shell 1` opens the first.",
            )
        if not matching:
            raise UsageError(f"There is no attempt `{attempt}`.", fix="`rung status` lists them.")
        listed = ", ".join(f"{a.id} ({a.lab_name})" for a in matching)
        raise UsageError(f"Several labs are running: {listed}.", fix="Name one with `--attempt ID`.")

    def start(
        self,
        lab: Lab,
        *,
        keep: bool = False,
        progress: Progress = silent,
        attempt: str | None = None,
        own: UserCluster | None = None,
        exam: str | None = None,
        share: str | None = None,
    ) -> Attempt:
        """Provide a lab's machines in their starting state, as the attempt of a new id or of the one given; on the
        user's cluster `own`, if there is one.

        `exam`: the id of the exam that it is a question of; `share`: see Plan.
        Everything is validated before anything is created; what fails or is interrupted half-way is
        removed again unless `keep`. Raises EnvironmentBroken, UsageError.
        """
        trust.require(lab.folder)
        if own is not None and lab.cluster is None:
            raise UsageError(f"{lab.name} is done on machines, not on a cluster.", fix="Start it without --context.")
        lacking = missing_capabilities(lab, self.driver, own)
        if lacking:
            why = "; ".join(f"{name}: {reason}" for name, reason in sorted(lacking.items()))
            raise EnvironmentBroken(
                f"{lab.name} cannot run here. It needs {why}.", fix="`rung labs` marks the labs that run here."
            )
        attempt = attempt or new_id()
        plan = plan_of(lab, attempt, share=share, own=own)
        create_attempt(self.driver, lab, plan, keep=keep, progress=progress, exam=exam)
        started = next((found for found in self.all() if found.id == attempt), None)
        if started is None:
            raise EnvironmentBroken(
                f"The machines of {lab.name} were removed while they started.", fix="Start the lab again."
            )
        return started

    def stop_all(
        self,
        progress: Progress = silent,
        removed: Callable[[str], None] = lambda _id: None,
        *,
        forget: bool = False,
    ) -> None:
        """End every attempt, also those that a killed process left half-made, and remove what was kept;
        `removed` is told each one's id, `forget` is as for `Attempt.stop`.

        What stands in the way of one does not keep the others: it is raised when all have been tried.
        """
        errors: list[EnvironmentBroken] = []
        for attempt in self.all():
            progress("stop", attempt.lab_name)
            try:
                attempt.stop(forget=forget)
            except EnvironmentBroken as error:
                errors.append(error)
                if not isinstance(error, Unrecorded):
                    continue
            removed(attempt.id)
        for kept in self.driver.spares():
            progress("remove", f"cluster {kept.name}")
            try:
                self.driver.release(kept.name)
            except EnvironmentBroken as error:
                errors.append(error)
                continue
            removed(kept.name)
        if errors:
            raise _together(errors)


def _together(errors: Sequence[EnvironmentBroken]) -> EnvironmentBroken:
    """Several errors as one, each sentence once."""
    gone = any(isinstance(error, EngineGone) for error in errors)
    text = "\n".join(dict.fromkeys(str(error) for error in errors))
    return (EngineGone if gone else EnvironmentBroken)(text, fix=errors[0].fix)
