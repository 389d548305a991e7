"""What `rung start` does: which lab, an attempt on it, its tasks, the shell."""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt, Attempts
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.drivers.base.protocols import UserCluster
    from rung.runner.lab.model import Lab


# What a start needs when its machines have booted: loaded while it waits for them.
_LATER = (
    "grading.grade", "lab.python_checks", "grading.record", "services.pages", "services.hints", "render.tasks",
    "render.attempts",
)  # fmt: skip


def choose(word: str | None) -> LabSummary | None:
    """The lab that is meant; without a word the proposed one, or None where the learner declines it."""
    from rung.runner.catalog.labs import find

    return find(word) if word is not None else _proposed()


def _proposed() -> LabSummary | None:
    """The easiest lab that has not been passed yet, if the learner agrees to it."""
    from rung.runner.core.errors import UsageError
    from rung.runner.grading.record import passed_labs, proposal
    from rung.runner.render.page import notice
    from rung.runner.shell.proxy import at_a_terminal

    entry = proposal(passed_labs())
    if entry is None:
        raise UsageError("There is no lab to propose.", fix="`rung labs` lists those that there are.")
    notice("Next for you: ", (entry.name, "command"), f", {entry.title} ({entry.difficulty}, {entry.minutes} min).")
    if not at_a_terminal():
        raise UsageError("No lab is named.", fix=f"`rung start {entry.name}` starts this one; `rung labs` lists all.")
    return entry if click.confirm("Start it?", default=True, err=True) else None


def begin(
    every: Attempts,
    entry: LabSummary,
    *,
    seed: int | None,
    shell: bool,
    new: bool,
    keep: bool,
    own: UserCluster | None = None,
) -> int:
    """Start (or go on with) an attempt, show its tasks, open the shell where that is wanted; exit code.

    `own`: the user's cluster that it is to be on."""
    from rung.runner.attempts.spare_cluster import renew_spare
    from rung.runner.cli.common import lab_of
    from rung.runner.cli.user_cluster import cut_off
    from rung.runner.render.attempts import meant_alone
    from rung.runner.render.page import show
    from rung.runner.render.tasks import going_on
    from rung.runner.services.pages import tasks_of
    from rung.runner.shell.proxy import at_a_terminal

    attempt = None if new else _running_already(every, entry, seed, own)
    if attempt is None:
        lab = _loaded(entry, seed)
        attempt = _started(every, lab, keep=keep, own=own)
        renew_spare(every.driver, lab)
    else:
        lab = lab_of(attempt)
    show(tasks_of(lab))
    if not cut_off(attempt) and shell and at_a_terminal():
        from rung.runner.shell.lab_shell import open_shell

        return open_shell(attempt, lab, None)
    show(going_on(attempt.id, alone=meant_alone(every.all())), sys.stderr)
    return 0


def _running_already(
    every: Attempts, entry: LabSummary, seed: int | None, own: UserCluster | None = None
) -> Attempt | None:
    """The newest attempt on this lab, on `own` if that is given, that can be gone on with (paused and switched-off
    ones are started)."""
    from rung.runner.render.page import notice

    here = [a for a in every.all() if a.exam is None and a.path.resolve() == entry.folder.resolve()]
    found = [a for a in here if seed in (None, a.seed)]
    there = [a for a in found if own is None or (a.found.own is not None and a.found.own.server == own.server)]
    usable = [a for a in there if a.state in ("ready", "paused", "stopped")]
    if not usable:
        return None
    attempt = usable[-1]
    notice(f"{entry.name} is running already: you go on with attempt {attempt.id}. ",
           ("rung start --new", "command"), " starts afresh beside it.")  # fmt: skip
    if attempt.state == "paused":
        attempt.resume()
    if attempt.state == "stopped":
        attempt.revive()
    return attempt


def _loaded(entry: LabSummary, seed: int | None) -> Lab:
    from rung.runner.attempts.attempt import new_seed
    from rung.runner.catalog import trust
    from rung.runner.lab import loader

    trust.require(entry.folder)
    return loader.load(entry.folder, new_seed() if seed is None else seed)


def _load_the_rest() -> None:
    for name in _LATER:
        import_module(f"rung.runner.{name}")


def _started(every: Attempts, lab: Lab, *, keep: bool, own: UserCluster | None) -> Attempt:
    from rung.runner.attempts.attempt import new_id
    from rung.runner.core.errors import EnvironmentBroken
    from rung.runner.render.page import notice
    from rung.runner.render.phases import Phases

    attempt = new_id()
    try:
        with Phases(f"{lab.title}: ready") as phases:

            def progress(step: str, what: str) -> None:
                phases(step, what)
                if step == "boot":
                    threading.Thread(target=_load_the_rest, daemon=True).start()

            return every.start(lab, keep=keep, progress=progress, attempt=attempt, own=own)
    except EnvironmentBroken:
        if keep:
            look, end = f"rung shell --attempt {attempt}", f"rung stop --attempt {attempt}"
            notice("What was made is kept: ", (look, "command"), " looks at it, ", (end, "command"), " removes it.")
        raise
