"""What several commands need: the attempt that is meant, the options that name things, completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt, Attempts
    from rung.runner.drivers.base.protocols import Driver
    from rung.runner.lab.model import Lab


def driver() -> Driver:
    """What provides machines and clusters here; raises EngineGone where there is no engine."""
    from rung.runner.drivers.registry import all_drivers

    return all_drivers()


def capabilities() -> Mapping[str, str | None]:
    """What labs may name -> None where machines or clusters here have it, else why not. Asks no engine."""
    from rung.runner.drivers.cluster.readiness import capabilities_of
    from rung.runner.drivers.container.privileges import known_capabilities

    return capabilities_of(known_capabilities())


def attempts(*, warm: bool = False) -> Attempts:
    """All attempts on this computer. `warm`: machines are to be made, so the engine is asked for its facts at once,
    and answers while the rest is loaded."""
    here = driver()
    if warm:
        here.preload()
    from rung.runner.attempts.attempt import Attempts

    return Attempts(here)


def current(chosen: str | None, *, ahead: bool = False) -> Attempt:
    """The attempt named `chosen`, or the only one there is; UsageError where that is not clear.

    `ahead`: its machines are to be asked, so their shells are opened while the rest is loaded.
    """
    here = driver()
    if ahead:
        here.prewarm(chosen)
    from rung.runner.attempts.attempt import Attempts

    return Attempts(here).current(chosen)


def quietly(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """A completion that offers those of `names()` that fit, and nothing where anything goes wrong."""

    def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        try:
            return [name for name in names() if name.startswith(incomplete)]
        except Exception:  # a learner presses Tab: neither a message nor a traceback has a place there
            return []

    return complete


def lab_names() -> Iterable[str]:
    from rung.runner.catalog.labs import summaries

    return [entry.name for entry in summaries()]


def attempt_ids() -> Iterable[str]:
    return [attempt.id for attempt in attempts().all()]


def task_ids() -> Iterable[str]:
    return [task.id for task in current(None).lab().tasks]


def machine_names() -> Iterable[str]:
    return [machine.name for machine in current(None).machines if machine.shell]


def attempt_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--attempt ID` to a command."""
    return click.option(
        "--attempt",
        metavar="ID",
        shell_complete=quietly(attempt_ids),
        help="The attempt that is meant, where several run (`rung status` lists them).",
    )(command)


def examples(*lines: str) -> str:
    """The epilog of a help page."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def lab_of(attempt: Attempt) -> Lab:
    """The attempt's lab as it is now; says where that is not what the machines were made by."""
    from rung.runner.render.page import notice

    lab = attempt.lab()
    if attempt.changed(lab):
        notice(f"{lab.name} changed since this attempt began: ", ("rung reset", "command"), " starts it afresh.")
    return lab


def kept(chosen: str | None) -> Attempt | None:
    """The attempt that is meant, if its start failed, it was to be kept, and its machines run; says so."""
    from rung.runner.render.page import notice

    attempt = current(chosen)
    why = attempt.kept_why() if attempt.state == "incomplete" else None
    if why is None or not attempt.machines or any(m.state != "running" for m in attempt.machines):
        return None
    notice(f"The start of {attempt.lab_name} failed, and what was made is kept for a look: {why}")
    return attempt


def running(
    chosen: str | None, allowed: Callable[[Attempt], None] = lambda _attempt: None, *, ahead: bool = False
) -> Attempt:
    """The attempt that is meant, its machines up: those that the learner switched off are started again.

    `allowed` raises where it must not be touched; `ahead` is as for `current`. Raises UsageError where it is
    paused, half-made or still being made by another Rung.
    """
    from rung.runner.core.errors import UsageError
    from rung.runner.render.page import notice

    attempt = current(chosen, ahead=ahead)
    allowed(attempt)
    if attempt.state == "paused":
        raise UsageError(f"{attempt.lab_name} is paused.", fix="`rung resume` lets its machines go on.")
    if attempt.state == "starting":
        raise UsageError(f"{attempt.lab_name} is still starting in another Rung.", fix="Wait a moment.")
    if attempt.state == "incomplete":
        raise UsageError(
            f"The start of {attempt.lab_name} (attempt {attempt.id}) did not come to its end.",
            fix=f"Remove what is left with `rung stop --attempt {attempt.id}`, then start it again.",
        )
    if attempt.state == "stopped":
        names = attempt.revive()
        notice(f"{', '.join(names)}: had been switched off, and is started again.")
        attempt = current(attempt.id)
    return attempt
