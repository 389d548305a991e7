"""All attempts of this computer: found, started, ended."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.start import create_attempt, plan_of
from rung.runner.attempts.state import state_of
from rung.runner.catalog import trust
from rung.runner.core.errors import EngineGone, EnvironmentBroken, Unrecorded, UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.plan import UserCluster, need_of
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.lab.model import Lab


def missing_capabilities(lab: Lab, driver: Drivers, own: UserCluster | None = None) -> dict[str, str]:
    """Capabilities that the lab needs and its driver lacks, each with the reason; empty if the lab can run.

    `own`: the user's cluster that the lab is to run on. The driver that the lab's plan goes to is asked.
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
    """A random id for an attempt: 8 hexadecimal digits."""
    return secrets.token_hex(4)


def new_seed() -> int:
    """A random seed, 1 to 999,999, for an attempt that names none."""
    return 1 + secrets.randbelow(999_999)


class Attempts:
    """Every attempt of which the driver still has anything."""

    def __init__(self, driver: Drivers) -> None:
        self.driver = driver

    def all(self) -> list[Attempt]:
        """All of them, oldest first, each with its state as of now."""
        return [Attempt(self.driver, f, state_of(f)) for f in self.driver.attempts()]

    def current(self, attempt: str | None = None) -> Attempt:
        """The attempt that is named (by id, by the beginning of its id, or by lab); without a name the only one.

        Without a name, questions of exams do not count, and unfinished starts count only where nothing else runs.
        Raises UsageError where no attempt fits, or more than one.
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
        """Make a lab's machines in their starting state, and return the new attempt.

        `attempt`: its id, by default a new one; `own`: the user's cluster to use instead of one of Rung's; `exam`: the
        id of the exam that it is a question of; `share`: see Plan. Everything is validated before anything is created.
        What fails or is interrupted half-way is removed again, unless `keep`.

        Raises UsageError where the lab is not trusted, EnvironmentBroken where it cannot run here or its start fails.
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
        """End every attempt, also those that a killed process left half-made, and remove all spare clusters.

        `removed` is called with the id of each attempt and the name of each cluster that is removed; `forget` is as
        for `Attempt.stop`. An error does not stop the rest: all errors are raised as one EnvironmentBroken at the end.
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
            raise _combined(errors)


def _combined(errors: Sequence[EnvironmentBroken]) -> EnvironmentBroken:
    """Several errors as one, without repeated sentences; EngineGone where one of them is."""
    gone = any(isinstance(error, EngineGone) for error in errors)
    text = "\n".join(dict.fromkeys(str(error) for error in errors))
    return (EngineGone if gone else EnvironmentBroken)(text, fix=errors[0].fix)
