"""What is refused while an exam is not submitted: looking at results, hints and solutions, and working past the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rung.runner.attempts.attempt import Attempt
from rung.runner.core.errors import UsageError
from rung.runner.exams.session import ExamSession

if TYPE_CHECKING:
    from rung.runner.exams.session import ExamSession


def exam_of(attempt: Attempt) -> ExamSession | None:
    """The exam that an attempt is a question of, while its journal is there."""
    if attempt.exam is None:
        return None
    session = ExamSession.read(attempt.exam)
    return session if any(event["event"] == "drawn" for event in session.events) else None


def number_of(session: ExamSession, attempt: Attempt) -> int:
    """Which of the exam's questions an attempt is. Raises UsageError where its paper has no such question."""
    for question in session.paper.questions:
        if question.attempt == attempt.id:
            return question.number
    raise UsageError(
        f"Attempt {attempt.id} says that it is a question of {session.paper.name} (exam {session.id}), whose paper has "
        "no such question.",
        fix=f"`rung exam stop {session.id}` ends that exam; `rung stop --all` removes every machine.",
    )


def require_unsealed(attempt: Attempt, command: str) -> None:
    """Raise UsageError where a command would tell what is right before the exam is submitted."""
    session = exam_of(attempt)
    if session is not None and session.sealed:
        raise UsageError(sealed_sentence(session, number_of(session, attempt), command), fix=FIX)


FIX = "`rung exam submit` submits all of it, and shows what was right."


def sealed_sentence(session: ExamSession, number: int, command: str) -> str:
    """Why a command says nothing now."""
    return f"`{command}` is sealed: this is question {number} of {session.paper.name}, which is not submitted yet."


def entered(attempt: Attempt) -> None:
    """Enter that somebody has a way to a question's machines beside `rung exam shell`.

    Raises UsageError where the exam does not run.
    """
    session = exam_of(attempt)
    if session is None or not session.open:
        return
    if session.phase != "running":
        raise UsageError(f"{session.paper.name} does not run now.", fix="`rung exam status` shows how it stands.")
    # From outside nobody tells when it is left: it never counts as idle.
    session.append("opened", question=number_of(session, attempt), outside=True)


def open_exams() -> list[str]:
    """What the exams are called that are open."""
    return [f"{session.paper.name} (exam {session.id})" for session in ExamSession.all() if session.open]


def end_all() -> list[str]:
    """End every exam that is open, whose machines are about to be removed; what they are called."""
    ended = []
    for session in ExamSession.all():
        if session.open:
            session.append("ended", submitted=False)
            ended.append(f"{session.paper.name} (exam {session.id})")
    return ended


def require_outside(attempt: Attempt, command: str) -> None:
    """Raise UsageError where an open exam has a way of its own to do what a command does, or does not allow it."""
    session = exam_of(attempt)
    if (
        session is None
        or not session.open
        or (session.mode == "practice" and command not in ("rung stop", "rung shell"))
    ):
        return
    number = number_of(session, attempt)
    ways = {
        "rung stop": "`rung exam stop` ends the whole exam",
        "rung shell": f"`rung exam shell {number}` opens it",
        "rung tasks": f"`rung exam tasks {number}` shows what it asks, once the clock runs",
        "rung resume": "`rung exam start` goes on with the exam, while there is time",
        "rung reset": f"`rung exam shell {number} --new` begins the question again",
    }
    raise UsageError(
        f"This is question {number} of {session.paper.name}, which is not submitted yet.",
        fix=f"{ways.get(command, '`rung exam status` shows how it stands')}.",
    )
