"""The dialogue of `rung exam start` and `rung exam stop`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from rung.runner.cli import short_lived
from rung.runner.cli.common import can_ask, confirm, echo
from rung.runner.core.errors import UsageError
from rung.runner.render.exams import status_page
from rung.runner.render.page import Page, count, duration, notice, show
from rung.runner.render.phases import Phases
from rung.runner.services import exam_start
from rung.runner.services.exam_serve import machine_states
from rung.runner.shell import proxy

if TYPE_CHECKING:
    from rung.runner.exams.session import ExamSession
    from rung.runner.services.exam_start import DrawnExam, ExamRequest


def begin(request: ExamRequest, *, grant: bool, shell: bool) -> int:
    """Start an exam or go on with the open one. Returns the exit code."""
    session = exam_start.open_session()
    if session is None:
        drawn = exam_start.draw_exam(request)
        if drawn.new:
            _introduce(drawn)
            return _start_clock(drawn.session, shell=shell)
        session = drawn.session  # another process was faster
    return _go_on(session, request, grant=grant, shell=shell)


def _introduce(drawn: DrawnExam) -> None:
    paper = drawn.session.paper
    page = Page().line((paper.title, "title"), (f"  {paper.name}, seed {paper.seed}", "dim"))
    if drawn.about:
        page.markdown(drawn.about)
    for remark in drawn.remarks:
        page.line((remark, "warning"), mark=("!", "warning"))
    page.line(f"{count(len(paper.questions), 'question')}, passes with {paper.pass_mark} of {paper.points} points.")
    show(page, sys.stderr)


def _start_clock(session: ExamSession, *, shell: bool) -> int:
    """Create the first machines, start the clock once the candidate agrees, open the first question."""
    with Phases("The first machines are ready") as phases:
        exam_start.create_first_machines(session, phases)
    asks = proxy.at_a_terminal() and shell and session.minutes is not None
    if asks and not confirm("Start the clock?", default=True):
        click.echo("The exam is kept: `rung exam start` goes on with it, `rung exam stop` ends it.", err=True)
        return 0
    return _open(exam_start.start_clock(session), shell=shell)


def _go_on(session: ExamSession, request: ExamRequest, *, grant: bool, shell: bool) -> int:
    ignored = exam_start.ignored_options(session, request)
    notice(f"{session.paper.name} (seed {session.paper.seed}) is open: you go on with it as it was left.")
    if ignored:
        notice(f"{' and '.join(ignored)} {'is' if len(ignored) == 1 else 'are'} only for a new exam, and ignored.")
    if proxy.at_a_terminal() and not confirm("Go on?", default=True):
        return 0
    if session.phase == "drawn":
        return _start_clock(session, shell=shell)
    if session.phase == "submitted":
        notice("It was submitted, and its grading was interrupted: ", ("rung exam submit", "command"), " goes on.")
        return 1
    resumed = exam_start.resume_exam(session, grant=grant)
    if resumed.granted == 0:
        notice("No time was lost since the last grant.")
    elif resumed.granted is not None:
        notice(f"{duration(resumed.granted)} were given back, and the report says so.")
    if resumed.session.phase == "over":
        notice("Time is up, and the machines are paused: ", ("rung exam submit", "command"), " has them graded.")
        return 1
    return _open(resumed.session, shell=shell)


def _open(session: ExamSession, *, shell: bool) -> int:
    """Show the exam's state; at a terminal also open a question, if `shell`. Returns the exit code."""
    show(status_page(session, machine_states(session, echo)))
    if not (shell and proxy.at_a_terminal()):
        return 0
    from rung.runner.shell.exam_shell import enter

    short_lived.leave()
    return enter(session.id, None, None)


def end(exam: str | None, *, sure: bool) -> None:
    """Remove an exam's machines. Raises UsageError where it is not submitted and nobody can be asked."""
    session = exam_start.session_to_end(exam)
    if session.open and not sure:
        lost = f"{session.paper.name} is not submitted: it ends without a result, and all work on it is lost."
        if not can_ask():
            raise UsageError(lost, fix="`rung exam submit` submits it; `rung exam stop --yes` ends it all the same.")
        click.echo(lost, err=True)
        if not confirm("End it?"):
            return
    with Phases() as phases:
        exam_start.end_exam(session, phases)
    click.echo(f"removed {session.paper.name} (exam {session.id})")
