"""rung exam shell: the shell on a question's machine, with the exam's clock beside it."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.exams import heartbeat, supervisor
from rung.runner.exams.access import FIX, sealed_sentence
from rung.runner.exams.clock import BEAT, warning
from rung.runner.exams.prompt import environment
from rung.runner.exams.session import ExamSession
from rung.runner.render.exams import question_page, time_left
from rung.runner.render.page import rendered, show
from rung.runner.render.phases import Phases
from rung.runner.services.exam_questions import opened_question
from rung.runner.services.exam_serve import QuestionView, question_view
from rung.runner.shell import proxy
from rung.runner.shell.lab_shell import LabRequests, ShellOptions, open_shell

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.exams.paper import ExamQuestion
    from rung.runner.lab.model import Lab
    from rung.runner.render.page import Page
    from rung.runner.shell.proxy import Request


def enter(exam: str | None, number: int | None, machine: str | None, *, anew: bool = False) -> int:
    """Open a question and its shell; the exit code. Raises UsageError where the exam does not run."""
    with contextlib.ExitStack() as stack:
        with Phases() as phases:
            opened = stack.enter_context(opened_question(exam, number, anew=anew, progress=phases))
        view = opened.view
        show(_page(view))
        if not proxy.at_a_terminal():
            return 0
        code = open_shell(opened.attempt, view.lab, machine, _options(view.session, view.question))
    _print_time_left(view.session.again())
    return code


def _page(view: QuestionView) -> Page:
    return question_page(view.session, view.question, view.lab, view.points)


def _options(session: ExamSession, question: ExamQuestion) -> ShellOptions:
    def handler(attempt: Attempt, lab: Lab) -> LabRequests:
        return ExamRequests(attempt, lab, session, question)

    return ShellOptions(
        handler=handler,
        environment=lambda: environment(question.number, session.again().left),
        watch=ExamWatch(session),
        reopen=f"rung exam shell {question.number}",
        end="rung exam submit",
    )


def _print_time_left(session: ExamSession) -> None:
    if session.phase == "running":
        print(f"{time_left(session)}. `rung exam status` shows the questions.", file=sys.stderr)


class ExamRequests(LabRequests):
    """What `check`, `tasks`, `hint` and `reset` do in a question's shell: in mode exam nothing that tells a result."""

    def __init__(self, attempt: Attempt, lab: Lab, session: ExamSession, question: ExamQuestion) -> None:
        super().__init__(attempt, lab)
        self._session, self._question = session, question

    def question(self, request: Request) -> str | None:
        """As in a lab's shell; a sealed hint is refused without a question."""
        if self._session.sealed and request.verb == "hint":
            return None
        return super().question(request)

    def _action(self, request: Request) -> Callable[[str | None, Callable[[str], None]], int]:
        if self._session.sealed and request.verb in ("check", "hint"):
            return lambda _words, write: self._refuse(request.verb, write)
        return super()._action(request)

    def _refuse(self, verb: str, write: Callable[[str], None]) -> int:
        write(f"{sealed_sentence(self._session, self._question.number, verb)}\nWhat to do: {FIX}\n")
        return 2

    def _tasks(self, _task: str | None, write: Callable[[str], None]) -> int:
        # A question is shown whole, whichever task is named.
        view = question_view(self._session.again(), self._question, self._lab)
        write(rendered(_page(view), sys.stdout))
        return 0


class ExamWatch:
    """Watches the exam's clock beside an open shell: warns, and ends the shell when the exam ends."""

    def __init__(self, session: ExamSession) -> None:
        self._exam = session.id
        self._left = session.left
        self._last_beat = 0.0

    def look(self) -> tuple[str, bool]:
        """What to print now, and whether the shell ends."""
        with contextlib.suppress(EnvironmentBroken):  # the disk is full: the shell goes on
            self._beat()
        session = ExamSession.read(self._exam)
        if session.phase == "over":
            if not session.stands_still:
                supervisor.launch(self._exam)  # it may have been killed, and nothing else pauses the machines
            return "\n\aTime is up: the machines stand still as they are. `rung exam submit` has them graded.\n", True
        if session.phase != "running":
            return "\nThe exam was submitted or ended from elsewhere.\n", True
        before, self._left = self._left, session.left
        due = None if before is None or self._left is None else warning(before, self._left, session.allowed or 0.0)
        return (f"\n\a{due} minutes left.\n" if due else ""), False

    def _beat(self) -> None:
        if time.monotonic() - self._last_beat > BEAT:
            self._last_beat = time.monotonic()
            heartbeat.beat(self._exam)
