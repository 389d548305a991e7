"""rung exam start and stop: a new exam, or the one that is open, and its end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from rung.runner.cli import common

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempts
    from rung.runner.exams.machines import ExamMachines
    from rung.runner.exams.paper import ExamPaper, ExamQuestion
    from rung.runner.exams.session import ExamSession


_DRAWING_SECONDS = 30.0  # that another process may take to draw an exam


@dataclass(frozen=True)
class Wanted:
    """What `rung exam start` was typed with."""

    name: str | None
    seed: int | None
    practice: bool
    minutes: int | None
    candidate: str


def begin(wanted: Wanted, *, grant: bool, shell: bool) -> int:
    """Start an exam or go on with the open one; exit code."""
    from rung.runner.core.errors import EnvironmentBroken
    from rung.runner.core.locks import file_lock
    from rung.runner.exams import paths

    if open_ones := _open():
        return _go_on(open_ones[-1], wanted, grant=grant, shell=shell)
    every = common.attempts(warm=True)  # where no engine answers nothing is drawn
    with file_lock(paths.folder() / "start.lock", _DRAWING_SECONDS) as mine:
        open_ones = _open()
        if not open_ones and not mine:
            raise EnvironmentBroken("Another Rung is drawing an exam.", fix="`rung exam start` goes on with it.")
        sitting = None if open_ones else _new(wanted)
    if sitting is None:  # another Rung was faster
        return _go_on(open_ones[-1], wanted, grant=grant, shell=shell)
    return _begun(sitting, every, shell=shell)


def _open() -> list[ExamSession]:
    from rung.runner.exams.session import ExamSession

    return [sitting for sitting in ExamSession.all() if sitting.open]


# -- a new one


def _new(wanted: Wanted) -> ExamSession:
    """Draw the questions, say what they are, and enter them. Raises UsageError, LabFileError."""
    from rung.runner.attempts.attempt import new_id, new_seed
    from rung.runner.catalog import trust
    from rung.runner.core.errors import UsageError
    from rung.runner.exams import loader
    from rung.runner.exams.cluster_sharing import shares
    from rung.runner.exams.compose import compose
    from rung.runner.exams.paper import with_places
    from rung.runner.exams.session import ExamSession

    if wanted.name is None:
        names = ", ".join(path.stem for path in loader.paths())
        raise UsageError("No exam is named, and none is open.", fix=f"`rung exam start EXAM` starts one of: {names}.")
    exam = loader.find(wanted.name)
    paper = compose(exam, new_seed() if wanted.seed is None else wanted.seed, common.capabilities)
    labs = {question.number: question.load() for question in paper.questions}
    for lab in labs.values():
        trust.require(lab.folder)
    _introduce(paper, exam.about)
    minutes = wanted.minutes or (None if wanted.practice else paper.minutes)
    placed = with_places(paper, new_id, shares(labs))
    return ExamSession.begin(
        placed, "practice" if wanted.practice else "exam", minutes=minutes, candidate=wanted.candidate
    )


def _introduce(paper: ExamPaper, about: str) -> None:
    from rung.runner.exams.paper import remarks
    from rung.runner.render.page import Page, count, show

    page = Page().line((paper.title, "title"), (f"  {paper.name}, seed {paper.seed}", "dim"))
    if about:
        page.markdown(about)
    for remark in remarks(paper):
        page.line((remark, "warning"), mark=("!", "warning"))
    page.line(f"{count(len(paper.questions), 'question')}, passes with {paper.pass_mark} of {paper.points} points.")
    show(page, sys.stderr)


def _begun(sitting: ExamSession, every: Attempts, *, shell: bool) -> int:
    """Make the first machines, let the clock begin, and open the first question; exit code."""
    from rung.runner.exams import supervisor
    from rung.runner.exams.clock import moment, utc
    from rung.runner.render.phases import Phases
    from rung.runner.shell.proxy import at_a_terminal

    with Phases("The first machines are ready") as phases:
        for question in _first(sitting.paper.questions):
            _desk(sitting, every).prepare(question, phases)
    asks = at_a_terminal() and shell and sitting.minutes is not None
    if asks and not click.confirm("Start the clock?", default=True, err=True):
        click.echo("It waits: `rung exam start` goes on, `rung exam stop` drops it.", err=True)
        return 0
    paper, minutes = sitting.paper, sitting.minutes
    ends = None if minutes is None else utc(moment().wall + 60 * minutes)
    sitting.append("started", name=paper.name, title=paper.title, track=paper.track, mode=sitting.mode, seed=paper.seed,
                   digest=paper.digest, minutes=minutes, deadline=ends)  # fmt: skip
    supervisor.launch(sitting.id)
    return _opened(sitting.again(), shell=shell)


def _first(questions: Sequence[ExamQuestion]) -> list[ExamQuestion]:
    """The first question, and the first of each other sort of machines: images are built before the clock begins."""
    chosen: list[ExamQuestion] = []
    seen: set[str] = set()
    for question in questions:
        images = set(question.load().images)
        if not chosen or images - seen:
            chosen.append(question)
        seen |= images
    return chosen


def _desk(sitting: ExamSession, every: Attempts) -> ExamMachines:
    from rung.runner.exams.machines import ExamMachines

    return ExamMachines(sitting.id, every)


# -- the one that is open


def _go_on(sitting: ExamSession, wanted: Wanted, *, grant: bool, shell: bool) -> int:
    from rung.runner.core.errors import UsageError
    from rung.runner.render.page import notice
    from rung.runner.shell.proxy import at_a_terminal

    name, seed = sitting.paper.name, sitting.paper.seed
    stem = wanted.name.rpartition("/")[2].removesuffix(".yaml") if wanted.name else name
    if stem != name or wanted.seed not in (None, seed):
        raise UsageError(
            f"The exam {name} (seed {seed}) is open, and one is taken at a time.",
            fix="`rung exam start` goes on with it, `rung exam submit` submits it, `rung exam stop` drops it.",
        )
    notice(f"{name} (seed {seed}) is open: you go on with it as it was left.")
    if ignored := _ignored(sitting, wanted):
        notice(f"{' and '.join(ignored)} {'is' if len(ignored) == 1 else 'are'} for a new exam, and changed nothing.")
    if at_a_terminal() and not click.confirm("Go on?", default=True, err=True):
        return 0
    if sitting.phase == "drawn":
        return _begun(sitting, common.attempts(), shell=shell)
    if sitting.phase == "submitted":
        notice("It was submitted, and its grading cut short: ", ("rung exam submit", "command"), " goes on.")
        return 1
    return _resumed(sitting, grant=grant, shell=shell)


def _ignored(sitting: ExamSession, wanted: Wanted) -> list[str]:
    """The options that ask for something else than what the open exam is."""
    given = {
        "--practice": wanted.practice and sitting.mode != "practice",
        "--minutes": wanted.minutes not in (None, sitting.minutes),
        "--candidate": wanted.candidate not in ("", sitting.candidate),
    }
    return [name for name, differs in given.items() if differs]


def _resumed(sitting: ExamSession, *, grant: bool, shell: bool) -> int:
    from rung.runner.cli.exam_pages import ensure_served
    from rung.runner.render.page import notice

    sitting = ensure_served(sitting)
    if grant:
        sitting = _granted(sitting)
    if sitting.phase == "over":
        notice("Time is up, and the machines stand still: ", ("rung exam submit", "command"), " has them graded.")
        return 1
    return _opened(sitting, shell=shell)


def _granted(sitting: ExamSession) -> ExamSession:
    """Give back all time that was lost; where the exam was over, its machines go on."""
    from rung.runner.cli.exam_pages import ensure_served
    from rung.runner.render.page import duration, notice

    lost = sitting.grantable
    if not lost:
        notice("No time is known to have been lost since the last grant.")
        return sitting
    stood_still = sitting.stands_still
    seconds = round(sum(entry["seconds"] for entry in lost), 1)
    # One event: a kill between two would leave an exam that goes on and whose next end stops nothing.
    goes_on = stood_still and sitting.left is not None and sitting.left + seconds > 0
    sitting.append("granted", seconds=seconds, since=[entry["since"] for entry in lost],
                   why=[entry["why"] for entry in lost], resumed=goes_on)  # fmt: skip
    notice(f"{duration(seconds)} were given back, and the report says so.")
    sitting = sitting.again()
    if goes_on:
        numbers = [question.number for question in sitting.paper.questions]
        _desk(sitting, common.attempts()).wake_all(numbers)
    return ensure_served(sitting.again())


def _opened(sitting: ExamSession, *, shell: bool) -> int:
    """Show how the exam stands, and open a question where somebody sits at a terminal; exit code."""
    from rung.runner.cli.exam_pages import states
    from rung.runner.render.exams import status_page
    from rung.runner.render.page import show
    from rung.runner.shell.exam_shell import enter
    from rung.runner.shell.proxy import at_a_terminal

    show(status_page(sitting, states(sitting)))
    return enter(sitting.id, None, None) if shell and at_a_terminal() else 0


# -- the end


def end(exam: str | None, *, sure: bool) -> None:
    """Remove an exam's machines. Raises UsageError where it is not submitted and nobody agrees to lose it."""
    from rung.runner.core.errors import UsageError
    from rung.runner.exams.session import ExamSession
    from rung.runner.render.phases import Phases

    sitting = ExamSession.find(exam)
    if sitting.open and not sure:
        lost = f"{sitting.paper.name} is not submitted: it will have no result, and what was done is lost."
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(lost, fix="`rung exam submit` submits it; `rung exam stop --yes` ends it all the same.")
        click.echo(lost, err=True)
        if not click.confirm("End it?", default=False, err=True):
            return
    # First, so that its keeper makes no more machines.
    if sitting.phase != "ended":
        sitting.append("ended", submitted=not sitting.open)
    every = common.attempts()
    with Phases() as phases:
        for number, attempt in sorted(_desk(sitting, every).found().items()):
            phases("remove", f"question {number}")
            attempt.stop()
    click.echo(f"removed {sitting.paper.name} (exam {sitting.id})")
