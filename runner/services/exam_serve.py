"""An exam that was drawn: its sessions, its state, its questions, flags and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.runner.core.errors import EngineGone, LabFileError, UsageError
from rung.runner.exams import heartbeat, supervisor
from rung.runner.exams.machines import ExamMachines
from rung.runner.exams.session import ExamSession
from rung.runner.services import current
from rung.runner.services.current import Tell, ignore

if TYPE_CHECKING:
    from rung.runner.exams.definition import Exam
    from rung.runner.exams.paper import ExamQuestion
    from rung.runner.lab.model import Lab

# State of an attempt -> what the candidate reads about a question's machines.
_MACHINE_STATES = {
    "ready": "ready",
    "paused": "stand still",
    "stopped": "stopped",
    "starting": "being made",
    "incomplete": "cut short",
}


@dataclass(frozen=True)
class ExamList:
    """The exams that there are, and the sessions that were taken."""

    exams: Sequence[Exam]
    mistakes: Sequence[LabFileError]  # of files that cannot be read
    sessions: Sequence[ExamSession]  # oldest first


@dataclass(frozen=True)
class QuestionView:
    """What a question asks."""

    session: ExamSession
    question: ExamQuestion
    lab: Lab
    points: dict[str, int]  # task id -> points of its lab


def exam_list() -> ExamList:
    """Every exam and every session on this computer."""
    from rung.runner.exams import loader

    exams, mistakes = [], []
    for path in loader.paths():
        try:
            exams.append(loader.load(path))
        except LabFileError as error:
            mistakes.append(error)
    return ExamList(exams, mistakes, ExamSession.all())


def served_session(exam: str | None) -> ExamSession:
    """The exam session of that id, by default the open one or else the last. Raises UsageError.

    While it runs, this call is a sign of life, restarts its supervisor if that was killed, and pauses its machines
    once the time is up.
    """
    return ensure_served(ExamSession.find(exam))


def ensure_served(session: ExamSession) -> ExamSession:
    """The session, after everything that a look at it entails (see `served_session`)."""
    if session.phase not in ("running", "over"):
        return session
    if not session.stands_still:  # a paused exam needs no sign of life
        heartbeat.beat(session.id)
    session = session.again()
    if session.phase == "running":
        supervisor.launch(session.id)
    elif not session.stands_still:
        supervisor.paused(ExamMachines(session.id, current.attempts()))
    return session.again()


def machine_states(session: ExamSession, tell: Tell = ignore) -> dict[int, str]:
    """Question number -> state of its machines, for those that were created; "unknown" where no engine answers."""
    created = session.numbers("prepared")
    try:
        found = ExamMachines(session.id, current.attempts()).found() if session.phase != "ended" else {}
    except EngineGone as error:
        tell(str(error).partition("\n")[0].removesuffix(" Tried:"))
        return dict.fromkeys(created, "unknown")
    states = {number: _MACHINE_STATES[attempt.state] for number, attempt in found.items()}
    return dict.fromkeys(created, "gone") | states


def session_data(session: ExamSession) -> dict[str, Any]:
    """A session as JSON: id, name, mode, seed, digest, state, deadline (UTC), seconds_left."""
    return {
        "exam": session.id,
        "name": session.paper.name,
        "mode": session.mode,
        "seed": session.paper.seed,
        "digest": session.paper.digest,
        "state": session.phase,
        "deadline": session.deadline if session.phase == "running" else None,
        "seconds_left": None if session.left is None else int(max(0, session.left)),
    }


def status_data(session: ExamSession, states: dict[int, str]) -> dict[str, Any]:
    """`session_data` with every question: its points, machines, seconds spent on it, flag and note."""
    flags, notes, opened = session.flags, session.notes, session.numbers("opened")
    questions = [
        {
            "number": question.number,
            "points": question.points,
            "title": question.title,
            "attempt": question.attempt,
            "machines": states.get(question.number, "not made yet"),
            "opened": question.number in opened,
            "seconds": round(session.seconds_on(question.number)),
            "flagged": question.number in flags,
            "note": notes.get(question.number, ""),
        }
        for question in session.paper.questions
    ]
    return {**session_data(session), "questions": questions}


def question_views(exam: str | None, number: int | None = None) -> list[QuestionView]:
    """What a question asks, or every question. Raises UsageError before the clock of an exam runs."""
    session = served_session(exam)
    if session.phase == "drawn" and session.mode == "exam":
        raise UsageError(f"The clock of {session.paper.name} does not run yet.", fix="`rung exam start` goes on.")
    numbers = [number] if number is not None else [question.number for question in session.paper.questions]
    return [question_view(session, session.paper.question(each)) for each in numbers]


def question_view(session: ExamSession, question: ExamQuestion, lab: Lab | None = None) -> QuestionView:
    """What a question asks; `lab`: its lab, if it is loaded already."""
    from rung.runner.exams.machines import lab_of
    from rung.runner.services.tasks import points_of

    lab = lab or lab_of(session, question)
    return QuestionView(session, question, lab, points_of(lab))


def set_flag(exam: str | None, number: int, *, on: bool) -> None:
    """Put a flag on a question, or take it away. Raises UsageError once the exam is submitted."""
    session = served_session(exam)
    question = session.paper.question(number)
    _require_open(session)
    session.append("flagged", question=question.number, on=on)


def set_note(exam: str | None, number: int, text: str) -> None:
    """Write a note on a question, in place of the one before. Raises UsageError once the exam is submitted."""
    session = served_session(exam)
    question = session.paper.question(number)
    _require_open(session)
    session.append("noted", question=question.number, text=text)


def note_of(exam: str | None, number: int) -> str:
    """The note on a question; empty where it has none."""
    session = served_session(exam)
    return session.notes.get(session.paper.question(number).number, "")


def _require_open(session: ExamSession) -> None:
    if session.phase not in ("drawn", "running", "over"):
        raise UsageError(
            f"{session.paper.name} (exam {session.id}) is submitted: flags and notes stay as they are.",
            fix="`rung exam report` shows them.",
        )
