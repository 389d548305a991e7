"""Commands that are refused before an exam is submitted: those that show what is right, and work past the deadline."""

from __future__ import annotations

from rung.runner.attempts.attempt import Attempt
from rung.runner.core.errors import UsageError
from rung.runner.exams.session import ExamSession


def exam_of(attempt: Attempt) -> ExamSession | None:
    """The session that an attempt belongs to; None outside exams, and where the session's journal is gone."""
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
    """Raise UsageError where a command would show what is right before the exam is submitted."""
    session = exam_of(attempt)
    if session is not None and session.sealed:
        raise UsageError(sealed_sentence(session, number_of(session, attempt), command), fix=FIX)


FIX = "`rung exam submit` submits all of it, and shows what was right."


def sealed_sentence(session: ExamSession, number: int, command: str) -> str:
    """The message of a command that is refused until the exam is submitted."""
    return f"`{command}` is sealed: this is question {number} of {session.paper.name}, which is not submitted yet."


def entered(attempt: Attempt) -> None:
    """Record that the candidate has access to a question's machines beside `rung exam shell` (`rung env`).

    Raises UsageError where the exam does not run.
    """
    session = exam_of(attempt)
    if session is None or not session.open:
        return
    if session.phase != "running":
        raise UsageError(f"{session.paper.name} does not run now.", fix="`rung exam status` shows how it stands.")
    # Access from outside has no recorded end, so the question never counts as idle.
    session.append("opened", question=number_of(session, attempt), outside=True)


def open_exams() -> list[str]:
    """The open sessions, each as `NAME (exam ID)`."""
    return [f"{session.paper.name} (exam {session.id})" for session in ExamSession.all() if session.open]


def end_all() -> list[str]:
    """Record the end of all open sessions, whose machines are about to be removed; return them as `open_exams` does."""
    ended = []
    for session in ExamSession.all():
        if session.open:
            session.append("ended", submitted=False)
            ended.append(f"{session.paper.name} (exam {session.id})")
    return ended


def require_outside(attempt: Attempt, command: str) -> None:
    """Raise UsageError for a command that an open exam forbids, or replaces by a command of its own."""
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
        "rung reset": f"`rung exam shell {number} --new` starts the question afresh",
    }
    raise UsageError(
        f"This is question {number} of {session.paper.name}, which is not submitted yet.",
        fix=f"{ways.get(command, '`rung exam status` shows how it stands')}.",
    )
