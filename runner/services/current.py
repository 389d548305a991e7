"""The attempt that a person means, and the drivers of this computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rung.runner.core.errors import UsageError

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt, Attempts
    from rung.runner.drivers.base.plan import Need
    from rung.runner.drivers.base.protocols import Drivers
    from rung.runner.lab.model import Lab

# Takes one sentence for the person, in pieces that are plain or (text, style): `rung.runner.render.page.notice` is one.
Tell = Callable[..., None]


def ignore(*_pieces: object) -> None:
    """A Tell that tells nobody."""


def driver() -> Drivers:
    """What provides machines and clusters on this computer. Raises EngineGone where no engine answers."""
    from rung.runner.drivers.registry import DriverRegistry

    return DriverRegistry.connect()


def capabilities(need: Need) -> Mapping[str, str | None]:
    """Each capability a lab may name -> None where the driver of this need has it, else why not. Asks no engine."""
    from rung.runner.drivers.registry import capabilities_for

    return capabilities_for(need)


def attempts(*, preload: bool = False) -> Attempts:
    """All attempts on this computer.

    preload: machines will be created, so ask the engine for its facts now, while the rest of the code is imported.
    """
    here = driver()
    if preload:
        here.preload()
    from rung.runner.attempts.attempt import Attempts

    return Attempts(here)


def current(chosen: str | None, *, prewarm: bool = False) -> Attempt:
    """The attempt whose id begins with `chosen`, or the only one. Raises UsageError where that is not clear.

    prewarm: its machines will be asked, so open their shells now, while the rest of the code is imported.
    """
    here = driver()
    if prewarm:
        here.prewarm(chosen)
    from rung.runner.attempts.attempt import Attempts

    return Attempts(here).current(chosen)


def lab_of(attempt: Attempt, tell: Tell = ignore) -> Lab:
    """The attempt's lab as its files are now; tells where they changed since the machines were created."""
    lab = attempt.lab()
    if attempt.changed(lab):
        tell(f"{lab.name} changed since this attempt began: ", ("rung reset", "command"), " starts it afresh.")
    return lab


def failed_start(chosen: str | None, tell: Tell = ignore) -> Attempt | None:
    """The attempt that is meant, if its start failed, its machines were kept, and they run; tells why it failed."""
    attempt = current(chosen)
    why = attempt.kept_why() if attempt.state == "incomplete" else None
    if why is None or not attempt.machines or any(machine.state != "running" for machine in attempt.machines):
        return None
    tell(f"The start of {attempt.lab_name} failed, and its machines are kept for a look: {why}")
    return attempt


def allow(_attempt: Attempt) -> None:
    """The default of `running`: every attempt may be used."""


def running(
    chosen: str | None, require: Callable[[Attempt], None] = allow, *, prewarm: bool = False, tell: Tell = ignore
) -> Attempt:
    """The attempt that is meant, with its machines up; machines that the learner switched off are started again.

    require: raises UsageError where the command is not allowed on the attempt.
    Raises UsageError where the attempt is paused, incomplete, or still being started by another Rung.
    """
    attempt = current(chosen, prewarm=prewarm)
    require(attempt)
    if attempt.state == "paused":
        raise UsageError(f"{attempt.lab_name} is paused.", fix="`rung resume` lets its machines go on.")
    if attempt.state == "starting":
        raise UsageError(f"{attempt.lab_name} is still starting in another Rung.", fix="Wait a moment.")
    if attempt.state == "incomplete":
        raise UsageError(
            f"The start of {attempt.lab_name} (attempt {attempt.id}) did not finish.",
            fix=f"Remove what is left with `rung stop --attempt {attempt.id}`, then start it again.",
        )
    if attempt.state == "stopped":
        names = attempt.revive()
        tell(f"{', '.join(names)}: was switched off, and is started again.")
        attempt = current(attempt.id)
    return attempt
