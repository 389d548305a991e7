"""Open a question of an exam: create or resume its machines, and record how long the candidate works on it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rung.runner.core import processes
from rung.runner.core.errors import UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.exams.machines import ExamMachines, lab_of
from rung.runner.services import current
from rung.runner.services.exam_serve import QuestionView, question_view, served_session

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.exams.session import ExamSession

# Phases in which no question can be opened: why, and what to do.
_CLOSED = {
    "drawn": ("Its clock does not run yet.", "`rung exam start` goes on."),
    "over": ("Time is up, and its machines are paused.", "`rung exam submit` has them graded as they are."),
    "submitted": ("It is submitted.", "`rung exam submit` goes on with its grading."),
    "graded": ("It is graded.", "`rung exam review N` shows a question; with --again it starts afresh."),
    "ended": ("Its machines were removed.", "`rung exam start` begins another one."),
}


@dataclass(frozen=True)
class OpenedQuestion:
    """A question whose machines are up."""

    view: QuestionView
    attempt: Attempt


@contextlib.contextmanager
def opened_question(
    exam: str | None, number: int | None = None, *, anew: bool = False, progress: Progress = silent
) -> Iterator[OpenedQuestion]:
    """Open a question inside the `with`: meanwhile its time is counted, and its machines are not paused.

    exam: id of a session, by default the open one or else the newest. number: by default the question that was opened
    last, or else the first. anew: start the question afresh; all work on it is lost.
    Raises UsageError where there is no such exam or question or the exam does not run, EnvironmentBroken.
    """
    session = served_session(exam)
    _require_running(session)
    question = session.paper.question(number or _last_entered(session))
    visit = secrets.token_hex(4)
    session.append("entered", question=question.number, visit=visit, process=processes.this_process())
    try:
        attempt = ExamMachines(session.id, current.attempts()).open(question, progress, anew=anew)
        if question.number not in session.again().numbers("opened") or anew:
            session.append("opened", question=question.number)
        session = session.again()
        yield OpenedQuestion(question_view(session, question, lab_of(session, question)), attempt)
    finally:
        session.append("left", question=question.number, visit=visit)


def _require_running(session: ExamSession) -> None:
    if session.phase in _CLOSED:
        why, fix = _CLOSED[session.phase]
        raise UsageError(f"{session.paper.name} (exam {session.id}): {why}", fix=fix)


def _last_entered(session: ExamSession) -> int:
    return (session.numbers("entered") or [1])[-1]
