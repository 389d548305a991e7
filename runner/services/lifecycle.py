"""What happens to an attempt after its start: reset, pause, resume, stop; and the list of all attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.errors import UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.services.current import attempts, current, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rung.runner.attempts.attempt import Attempt, Attempts
    from rung.runner.drivers.base.plan import SpareCluster
    from rung.runner.drivers.base.protocols import Drivers


@dataclass(frozen=True)
class Status:
    """Everything that Rung runs on this computer."""

    attempts: Sequence[Attempt]
    spares: Sequence[SpareCluster]  # clusters that no attempt uses


@dataclass(frozen=True)
class StoppedAttempt:
    """An attempt whose machines were removed."""

    id: str
    lab_name: str
    leftovers: tuple[str, ...]  # what is new in the user's cluster and was not created for the lab
    spare_stays: bool  # a ready cluster waits for the next lab


def status() -> Status:
    """All attempts and spare clusters, oldest first. Raises EngineGone."""
    every = attempts()
    return Status(every.all(), every.driver.spares())


def reset(chosen: str | None, progress: Progress = silent) -> Attempt:
    """Put the machines of an attempt back to their starting state. Raises UsageError for a question of an exam."""
    from rung.runner.exams.access import require_outside
    from rung.runner.services.start import renew_spare_cluster

    attempt = current(chosen)
    require_outside(attempt, "rung reset")
    attempt.reset(progress)
    renew_spare_cluster(attempt, attempt.lab())
    return attempt


def pause(chosen: str | None) -> Attempt:
    """Halt every process of an attempt's machines."""
    attempt = current(chosen)
    attempt.pause()
    return attempt


def resume(chosen: str | None) -> Attempt:
    """Let the machines of a paused attempt go on. Raises UsageError for a question of an exam."""
    from rung.runner.exams.access import require_outside

    attempt = current(chosen)
    require_outside(attempt, "rung resume")
    attempt.resume()
    return attempt


def stop(chosen: str | None, *, forget: bool = False) -> StoppedAttempt:
    """End an attempt and remove its machines.

    forget: leave what lies in a user's cluster that does not answer.
    Raises UsageError for a question of an exam that is not submitted.
    """
    from rung.runner.exams.access import require_outside
    from rung.runner.lab.model import CONTROL_PLANE

    attempt = current(chosen)
    require_outside(attempt, "rung stop")
    attempt.stop(forget=forget)
    had_cluster = any(machine.name == CONTROL_PLANE for machine in attempt.machines)
    spare_stays = had_cluster and any(spare.ready for spare in attempt.driver.spares())
    return StoppedAttempt(attempt.id, attempt.lab_name, leftovers_of(attempt.driver, attempt.id), spare_stays)


def open_exams() -> list[str]:
    """Name and id of each exam that is open: `stop_all` ends it without a result."""
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

    every: all attempts, as `rung.runner.services.current.attempts` gives them.
    exam_ended: called with the name of each open exam that ends; removed: called with each attempt's id or cluster's
    name once it is removed. Both are called as it happens, so that an error loses nothing.
    """
    from rung.runner.exams.access import end_all

    for name in end_all():
        exam_ended(name)
    every.stop_all(progress, removed, forget=forget)


def leftovers_of(driver: Drivers, attempt: str) -> tuple[str, ...]:
    """What is new in the user's cluster since an attempt began there, was not created for it, and stays."""
    return tuple(driver.leftovers(attempt))


def kubeconfig_path(chosen: str | None) -> Path:
    """A kubeconfig of the attempt's cluster, for this computer. Raises UsageError where the lab has no cluster."""
    from rung.runner.exams.access import entered

    attempt = running(chosen, entered)
    path = attempt.driver.kubeconfig(attempt.id)
    if path is None:
        raise UsageError(f"{attempt.lab_name} has no cluster.", fix="`rung shell` opens its machine.")
    return path
