"""rung exam shell: a question's machines, woken if need be, and the shell on them with the clock beside it."""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rung.runner.cli import common
from rung.runner.shell.lab_shell import LabRequests, ShellOptions, open_shell

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.exams.paper import ExamQuestion
    from rung.runner.exams.session import ExamSession
    from rung.runner.lab.model import Lab
    from rung.runner.shell.proxy import Request


def enter(exam: str | None, number: int | None, machine: str | None, *, anew: bool = False) -> int:
    """Open a question; exit code. Raises UsageError where the exam does not run."""
    from rung.runner.cli.exam_pages import chosen, page_of
    from rung.runner.exams.machines import lab_of
    from rung.runner.render.page import show
    from rung.runner.shell.proxy import at_a_terminal

    sitting = chosen(exam)
    _require_running(sitting)
    question = sitting.paper.question(number or _last_opened(sitting))
    with _visit(sitting, question):
        attempt = _woken(sitting, question, anew=anew)
        sitting = sitting.again()
        lab = lab_of(sitting, question)
        show(page_of(sitting, question, lab))
        if not at_a_terminal():
            return 0
        code = open_shell(attempt, lab, machine, _manner(sitting, question))
    left_behind(sitting.again())
    return code


def _require_running(sitting: ExamSession) -> None:
    from rung.runner.core.errors import UsageError

    ways = {
        "drawn": ("Its clock does not run yet.", "`rung exam start` goes on."),
        "over": ("Time is up, and its machines stand still.", "`rung exam submit` has them graded as they are."),
        "submitted": ("It is submitted.", "`rung exam submit` goes on with its grading."),
        "graded": ("It is graded.", "`rung exam review N` shows a question; with --again it starts afresh."),
        "ended": ("Its machines were removed.", "`rung exam start` begins another one."),
    }
    if sitting.phase in ways:
        said, fix = ways[sitting.phase]
        raise UsageError(f"{sitting.paper.name} (exam {sitting.id}): {said}", fix=fix)


def _last_opened(sitting: ExamSession) -> int:
    """The question that somebody was on last; the first where nobody was on any."""
    return (sitting.numbers("entered") or [1])[-1]


@contextlib.contextmanager
def _visit(sitting: ExamSession, question: ExamQuestion) -> Iterator[None]:
    """On record while it lasts: nobody lets a question's machines rest meanwhile, and its time is counted."""
    from rung.runner.core import processes

    visit = secrets.token_hex(4)
    sitting.append("entered", question=question.number, visit=visit, process=processes.this_process())
    try:
        yield
    finally:
        sitting.append("left", question=question.number, visit=visit)


def _woken(sitting: ExamSession, question: ExamQuestion, *, anew: bool) -> Attempt:
    """The question's machines, up."""
    from rung.runner.exams.machines import ExamMachines
    from rung.runner.render.phases import Phases

    with Phases() as phases:
        attempt = ExamMachines(sitting.id, common.attempts()).open(question, phases, anew=anew)
    if question.number not in sitting.again().numbers("opened") or anew:
        sitting.append("opened", question=question.number)
    return attempt


def _manner(sitting: ExamSession, question: ExamQuestion) -> ShellOptions:
    from rung.runner.exams.prompt import environment

    def of(attempt: Attempt, lab: Lab) -> LabRequests:
        return ExamRequests(attempt, lab, sitting, question)

    return ShellOptions(
        errands=of,
        environment=lambda: environment(question.number, sitting.again().left),
        watch=ExamWatch(sitting),
        back=f"rung exam shell {question.number}",
        end="rung exam submit",
    )


class ExamRequests(LabRequests):
    """What `check`, `tasks`, `hint` and `reset` do in a question's shell: in mode exam nothing that tells."""

    def __init__(self, attempt: Attempt, lab: Lab, sitting: ExamSession, question: ExamQuestion) -> None:
        super().__init__(attempt, lab)
        self._sitting, self._question = sitting, question

    def question(self, request: Request) -> str | None:
        if self._sitting.sealed and request.verb == "hint":
            return None
        return super().question(request)

    def _verb(self, request: Request) -> Callable[[str | None, Callable[[str], None]], int]:
        if self._sitting.sealed and request.verb in ("check", "hint"):
            return lambda _words, write: self._sealed(request.verb, write)
        return super()._verb(request)

    def _sealed(self, verb: str, write: Callable[[str], None]) -> int:
        from rung.runner.exams.access import FIX, sealed_sentence

        said = sealed_sentence(self._sitting, self._question.number, verb)
        write(f"{said}\nWhat to do: {FIX}\n")
        return 2

    def _tasks(self, task: str | None, write: Callable[[str], None]) -> int:
        del task  # a question is shown whole
        from rung.runner.cli.exam_pages import page_of
        from rung.runner.render.page import rendered

        write(rendered(page_of(self._sitting.again(), self._question, self._lab), sys.stdout))
        return 0


class ExamWatch:
    """Looks at the exam's clock beside an open shell: warns, and ends the shell when the exam does."""

    def __init__(self, sitting: ExamSession) -> None:
        self._exam = sitting.id
        self._left = sitting.left
        self._beat = 0.0

    def look(self) -> tuple[str, bool]:
        """What to say now, and whether the shell ends."""
        from rung.runner.core.errors import EnvironmentBroken
        from rung.runner.exams import supervisor
        from rung.runner.exams.clock import warning
        from rung.runner.exams.session import ExamSession

        with contextlib.suppress(EnvironmentBroken):  # the disk is full: the shell goes on
            self._sign()
        sitting = ExamSession.read(self._exam)
        if sitting.phase == "over":
            if not sitting.stands_still:
                supervisor.launch(self._exam)  # it may have been killed, and nobody else would stop the machines
            return "\n\aTime is up: the machines stand still as they are. `rung exam submit` has them graded.\n", True
        if sitting.phase != "running":
            return "\nThe exam was submitted or ended from elsewhere.\n", True
        before, self._left = self._left, sitting.left
        due = None if before is None or self._left is None else warning(before, self._left, sitting.allowed or 0.0)
        return (f"\n\a{due} minutes left.\n" if due else ""), False

    def _sign(self) -> None:
        import time

        from rung.runner.exams.clock import BEAT
        from rung.runner.exams.heartbeat import beat

        if time.monotonic() - self._beat > BEAT:
            self._beat = time.monotonic()
            beat(self._exam)


def left_behind(sitting: ExamSession) -> None:
    """Say how to go on after a shell was left."""
    from rung.runner.render.exams import time_left

    if sitting.phase == "running":
        print(f"{time_left(sitting)}. `rung exam status` shows the questions.", file=sys.stderr)
