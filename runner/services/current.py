"""The attempt that a command is about, and the drivers of this computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rung.runner.core.errors import UsageError

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.attempts.attempts import Attempts
    from rung.runner.drivers.base.plan import Need
    from rung.runner.drivers.base.protocols import Drivers
    from rung.runner.lab.model import Lab

# Tells the person a sentence, given in pieces: text, or (text, style). `rung.runner.render.page.notice` is a Tell.
Tell = Callable[..., None]


def ignore(*_pieces: object) -> None:
    """A Tell that drops the sentence."""


def driver() -> Drivers:
    """The drivers of machines and clusters on this computer. Raises EngineGone where no engine answers."""
    from rung.runner.drivers.registry import DriverRegistry

    return DriverRegistry.connect()


def capabilities(need: Need) -> Mapping[str, str | None]:
    """For each capability: None if the driver for `need` has it, else the reason why not. Asks no engine."""
    from rung.runner.drivers.registry import capabilities_for

    return capabilities_for(need)


def attempts(*, preload: bool = False) -> Attempts:
    """All attempts on this computer. Raises EngineGone where no engine answers.

    preload: ask the engine for its facts in the background, for a command that creates machines.
    """
    drivers = driver()
    if preload:
        drivers.preload()  # before the import, which takes as long
    from rung.runner.attempts.attempts import Attempts

    return Attempts(drivers)


def current(chosen: str | None, *, prewarm: bool = False) -> Attempt:
    """The attempt that `chosen` names (id, beginning of an id, or lab); None: the only one that there is.

    prewarm: open its machines' shells in the background, for a command that runs commands on them.
    Raises UsageError where no attempt fits, or more than one; EngineGone.
    """
    drivers = driver()
    if prewarm:
        drivers.prewarm(chosen)  # before the import, which takes as long
    from rung.runner.attempts.attempts import Attempts

    return Attempts(drivers).current(chosen)


def outside_attempt(chosen: str | None, command: str) -> Attempt:
    """As `current`; raises UsageError for a question of an open exam, which has a command of its own for this."""
    attempt = current(chosen)
    require_outside(attempt, command)
    return attempt


def unsealed_attempt(chosen: str | None, command: str) -> Attempt:
    """As `current`; raises UsageError where the command would tell what is right before an exam is submitted."""
    attempt = current(chosen)
    require_unsealed(attempt, command)
    return attempt


def require_outside(attempt: Attempt, command: str) -> None:
    """Raise UsageError for a question of an open exam, which has a command of its own for this."""
    if attempt.exam is None:
        return  # without loading exams, which takes 25 ms
    from rung.runner.exams import access

    access.require_outside(attempt, command)


def require_unsealed(attempt: Attempt, command: str) -> None:
    """Raise UsageError where the command would tell what is right before an exam is submitted."""
    if attempt.exam is None:
        return
    from rung.runner.exams import access

    access.require_unsealed(attempt, command)


def lab_of(attempt: Attempt, tell: Tell = ignore) -> Lab:
    """The attempt's lab as its files are now; tells if they have changed since the machines were created.

    Raises UsageError where the files are gone, LabFileError where they have mistakes.
    """
    lab = attempt.lab()
    if attempt.changed(lab):
        tell(f"{lab.name} changed since this attempt began: ", ("rung reset", "command"), " starts it afresh.")
    return lab


def failed_start(chosen: str | None, tell: Tell = ignore) -> Attempt | None:
    """The attempt, if its start failed and its machines were kept and run; else None. Tells why the start failed.

    chosen: as for `current`, whose errors it raises.
    """
    attempt = current(chosen)
    why = attempt.kept_why() if attempt.state == "incomplete" else None
    if why is None or not attempt.machines or any(machine.state != "running" for machine in attempt.machines):
        return None
    tell(f"The start of {attempt.lab_name} failed, and its machines were kept: {why}")
    return attempt


def running(
    chosen: str | None, require: Callable[[Attempt], None] | None = None, *, prewarm: bool = False, tell: Tell = ignore
) -> Attempt:
    """The attempt, with its machines up; machines that the learner switched off are started again.

    chosen, prewarm: as for `current`. require: called with the attempt; raises UsageError where the command is not
    allowed on it. Raises UsageError where the attempt is paused, incomplete, or still being started; EngineGone.
    """
    attempt = current(chosen, prewarm=prewarm)
    if require is not None:
        require(attempt)
    if attempt.state == "paused":
        raise UsageError(f"{attempt.lab_name} is paused.", fix="`rung resume` resumes its machines.")
    if attempt.state == "starting":
        raise UsageError(f"{attempt.lab_name} is still being started by another `rung` command.", fix="Wait a moment.")
    if attempt.state == "incomplete":
        raise UsageError(
            f"The start of {attempt.lab_name} (attempt {attempt.id}) did not finish.",
            fix=f"Remove what is left with `rung stop --attempt {attempt.id}`, then start it again.",
        )
    if attempt.state == "stopped":
        names = attempt.revive()
        tell(f"{', '.join(names)}: switched off, now started again.")
        attempt = current(attempt.id)
    return attempt
