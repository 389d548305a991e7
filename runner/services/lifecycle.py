"""Reset, pause, resume and stop attempts; list all of them; the kubeconfig of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.errors import UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.services.current import attempts, current, outside_attempt, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rung.runner.attempts.attempt import Attempt
    from rung.runner.attempts.attempts import Attempts
    from rung.runner.drivers.base.plan import SpareCluster
    from rung.runner.drivers.base.protocols import Drivers


@dataclass(frozen=True)
class Status:
    """All attempts and spare clusters on this computer."""

    attempts: Sequence[Attempt]
    spares: Sequence[SpareCluster]  # clusters that no attempt uses


@dataclass(frozen=True)
class StoppedAttempt:
    """An attempt whose machines were removed."""

    id: str
    lab_name: str
    leftovers: tuple[str, ...]  # see `leftovers_of`
    spare_stays: bool  # whether a spare cluster is kept for the next lab


def status() -> Status:
    """All attempts, oldest first, and all spare clusters. Raises EngineGone."""
    found = attempts()
    return Status(found.all(), found.driver.spares())


def reset(chosen: str | None, progress: Progress = silent) -> Attempt:
    """Make an attempt anew in its starting state, with the same values; all work on it is lost.

    chosen: as for `current`. Raises UsageError where no attempt fits, it is a question of an exam, or its lab is not
    trusted; LabFileError; EnvironmentBroken.
    """
    from rung.runner.attempts.spare_cluster import renew_spare

    attempt = outside_attempt(chosen, "rung reset")
    attempt.reset(progress)
    renew_spare(attempt.driver, attempt.lab())
    return attempt


def pause(chosen: str | None) -> Attempt:
    """Freeze the processes on an attempt's machines; chosen: as for `current`. Raises UsageError, EnvironmentBroken."""
    attempt = current(chosen)
    attempt.pause()
    return attempt


def resume(chosen: str | None) -> Attempt:
    """Resume the machines of a paused attempt; chosen: as for `current`.

    Raises UsageError where no attempt fits or it is a question of an exam, EnvironmentBroken.
    """

    attempt = outside_attempt(chosen, "rung resume")
    attempt.resume()
    return attempt


def stop(chosen: str | None, *, forget: bool = False) -> StoppedAttempt:
    """End an attempt and remove its machines.

    chosen: as for `current`. forget: leave behind what lies in a user's cluster that does not answer.
    Raises UsageError where no attempt fits or it is a question of an exam; EnvironmentBroken where something cannot be
    removed, Unrecorded where only the journal cannot be written.
    """
    from rung.runner.lab.model import CONTROL_PLANE

    attempt = outside_attempt(chosen, "rung stop")
    attempt.stop(forget=forget)
    had_cluster = any(machine.name == CONTROL_PLANE for machine in attempt.machines)
    spare_stays = had_cluster and any(spare.ready for spare in attempt.driver.spares())
    return StoppedAttempt(attempt.id, attempt.lab_name, leftovers_of(attempt.driver, attempt.id), spare_stays)


def open_exams() -> list[str]:
    """The open exams, as `name (exam id)`. `stop_all` ends them without a result."""
    from rung.runner.exams import access

    return access.open_exams()


def stop_all(
    every: Attempts,
    *,
    forget: bool,
    exam_ended: Callable[[str], None],
    removed: Callable[[str], None],
    progress: Progress = silent,
) -> None:
    """End every attempt and every open exam, and remove all machines and spare clusters.

    every: all attempts, from `rung.runner.services.current.attempts`. forget: as for `stop`.
    exam_ended: called with the name of each exam that was open, as it ends.
    removed: called with the id of each attempt and the name of each cluster, as it is removed.
    Raises EnvironmentBroken, after all have been tried, where something cannot be removed.
    """
    from rung.runner.exams.access import end_all

    for name in end_all():
        exam_ended(name)
    every.stop_all(progress, removed, forget=forget)


def leftovers_of(driver: Drivers, attempt: str) -> tuple[str, ...]:
    """Objects that appeared in the user's cluster during an attempt and were not created for its lab; they are kept."""
    return tuple(driver.leftovers(attempt))


def kubeconfig_path(chosen: str | None) -> Path:
    """The path of a kubeconfig for the attempt's cluster, which works on this computer; chosen: as for `current`.

    Raises UsageError where the lab has no cluster, and as `running` does.
    """
    from rung.runner.exams.access import entered

    attempt = running(chosen, entered)
    path = attempt.driver.kubeconfig(attempt.id)
    if path is None:
        raise UsageError(f"{attempt.lab_name} has no cluster.", fix="`rung shell` opens its machine.")
    return path
