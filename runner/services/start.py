"""Start a lab, or go on with an attempt that runs already."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from rung.runner.core.progress import Progress, silent
from rung.runner.services.current import Tell, ignore, lab_of

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.attempts.attempts import Attempts
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.drivers.base.plan import UserCluster
    from rung.runner.lab.model import Lab

# Modules that are needed after the machines have booted; they are imported while the start waits for the boot.
_AFTER_BOOT = (
    "grading.grade", "lab.python_checks", "grading.record", "services.hints", "services.tasks", "render.tasks",
    "render.attempts",
)  # fmt: skip


@dataclass(frozen=True)
class StartRequest:
    """How a lab is to be started."""

    seed: int | None = None  # draws the values; None: a random one
    new: bool = False  # start another attempt even if the lab runs already
    keep: bool = False  # keep the machines if the start fails
    user_cluster: UserCluster | None = None  # run it on this cluster of the user's


@dataclass(frozen=True)
class StartedLab:
    """A running attempt and its lab."""

    attempt: Attempt
    lab: Lab
    resumed: bool  # whether the attempt existed before


def find_lab(word: str) -> LabSummary:
    """The lab with this name, or in this folder. Raises UsageError where there is none."""
    from rung.runner.catalog.labs import find

    return find(word)


def proposed_lab() -> LabSummary | None:
    """The lab to do next: the easiest that the learner has not passed yet. None where there are no labs."""
    from rung.runner.grading.record import passed_labs, proposal

    return proposal(passed_labs())


def start_lab(
    attempts: Attempts,
    summary: LabSummary,
    request: StartRequest,
    *,
    tell: Tell = ignore,
    progress: Progress = silent,
) -> StartedLab:
    """Start the lab, or go on with the newest attempt that fits the request.

    progress: called before each step of a new start. Raises UsageError where the lab is not trusted or the user's
    cluster may not be used, LabFileError, EnvironmentBroken where the lab cannot run here or its start fails.
    """
    attempt = None if request.new else _running_already(attempts, summary, request, tell)
    if attempt is not None:
        return StartedLab(attempt, lab_of(attempt, tell), resumed=True)
    lab = _load(summary, request.seed)
    attempt = _create(attempts, lab, request, tell, progress)
    if lab.cluster is not None:
        from rung.runner.attempts.spare_cluster import renew_spare

        renew_spare(attempt.driver, lab)
    return StartedLab(attempt, lab, resumed=False)


def _running_already(attempts: Attempts, summary: LabSummary, request: StartRequest, tell: Tell) -> Attempt | None:
    """The newest usable attempt on this lab (and on the requested cluster), with its machines up; None without one."""
    wanted = request.user_cluster
    usable = [
        attempt
        for attempt in attempts.all()
        if attempt.exam is None
        and attempt.path.resolve() == summary.folder.resolve()
        and request.seed in (None, attempt.seed)
        and (wanted is None or (attempt.found.own is not None and attempt.found.own.server == wanted.server))
        and attempt.state in ("ready", "paused", "stopped")
    ]
    if not usable:
        return None
    attempt = usable[-1]
    tell(f"{summary.name} is running already: you go on with attempt {attempt.id}. ",
         ("rung start --new", "command"), " starts another one beside it.")  # fmt: skip
    if attempt.state == "paused":
        attempt.resume()
    if attempt.state == "stopped":
        attempt.revive()
    return attempt


def _load(summary: LabSummary, seed: int | None) -> Lab:
    from rung.runner.attempts.attempts import new_seed
    from rung.runner.catalog import trust
    from rung.runner.lab import loader

    trust.require(summary.folder)
    return loader.load(summary.folder, new_seed() if seed is None else seed)


def _import_what_follows() -> None:
    for name in _AFTER_BOOT:
        import_module(f"rung.runner.{name}")


def _create(attempts: Attempts, lab: Lab, request: StartRequest, tell: Tell, progress: Progress) -> Attempt:
    from rung.runner.attempts.attempts import new_id
    from rung.runner.core.errors import EnvironmentBroken

    attempt = new_id()

    def step_begins(step: str, what: str) -> None:
        progress(step, what)
        if step == "boot":
            threading.Thread(target=_import_what_follows, daemon=True).start()

    try:
        return attempts.start(lab, keep=request.keep, progress=step_begins, attempt=attempt, own=request.user_cluster)
    except EnvironmentBroken:
        if request.keep:
            look, end = f"rung shell --attempt {attempt}", f"rung stop --attempt {attempt}"
            tell("The machines are kept: ", (look, "command"), " looks at them, ", (end, "command"), " removes them.")
        raise
