"""The shell on a question's machine (`rung exam shell`), which ends when the exam's time is up."""

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
    from rung.runner.shell.request_parser import Request


def enter(exam: str | None, number: int | None, machine: str | None, *, anew: bool = False) -> int:
    """Open a question and its shell; returns the exit code. Raises UsageError where the exam does not run."""
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
    """Carries out requests in a question's shell; in mode exam checks and hints are sealed."""

    def __init__(self, attempt: Attempt, lab: Lab, session: ExamSession, question: ExamQuestion) -> None:
        super().__init__(attempt, lab)
        self._session, self._question = session, question

    def question(self, request: Request) -> str | None:
        """The question of a lab's shell, but none for a sealed hint, which is refused."""
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
        # The page shows all tasks of a question, whichever is named.
        view = question_view(self._session.again(), self._question, self._lab)
        write(rendered(_page(view), sys.stdout))
        return 0


class ExamWatch:
    """Watches the exam's clock while a shell is open: warns, and ends the shell with the exam."""

    def __init__(self, session: ExamSession) -> None:
        self._exam = session.id
        self._left = session.left
        self._last_beat = 0.0

    def poll(self) -> tuple[str, bool]:
        """The text to print now, and whether to end the shell."""
        with contextlib.suppress(EnvironmentBroken):  # on a full disk the shell stays open
            self._beat()
        session = ExamSession.read(self._exam)
        if session.phase == "over":
            if not session.paused_at_deadline:
                supervisor.launch(self._exam)  # it may have been killed, and only it pauses the machines
            return "\n\aTime is up: the machines are paused as they are. `rung exam submit` grades them.\n", True
        if session.phase != "running":
            return "\nAnother process submitted or ended the exam.\n", True
        before, self._left = self._left, session.left
        due = None if before is None or self._left is None else warning(before, self._left, session.allowed or 0.0)
        return (f"\n\a{due} minutes left.\n" if due else ""), False

    def _beat(self) -> None:
        if time.monotonic() - self._last_beat > BEAT:
            self._last_beat = time.monotonic()
            heartbeat.beat(self._exam)
