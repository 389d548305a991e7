"""Exam sessions: list them, keep them alive while they run, show their state and questions, set flags and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.runner.core.errors import EngineGone, EnvironmentBroken, LabFileError, UsageError
from rung.runner.exams import heartbeat, supervisor
from rung.runner.exams.deadline import pause_exam
from rung.runner.exams.machines import ExamMachines
from rung.runner.exams.session import ExamSession
from rung.runner.services import current
from rung.runner.services.current import Tell, ignore

if TYPE_CHECKING:
    from rung.runner.exams.definition import Exam
    from rung.runner.exams.paper import ExamQuestion
    from rung.runner.lab.model import Lab


@dataclass(frozen=True)
class ExamList:
    """All exams, and all sessions of this computer."""

    exams: Sequence[Exam]
    mistakes: Sequence[LabFileError]  # of exam files that cannot be read
    sessions: Sequence[ExamSession]  # oldest first


@dataclass(frozen=True)
class QuestionView:
    """A question, with its lab."""

    session: ExamSession
    question: ExamQuestion
    lab: Lab
    points: dict[str, int]  # task id -> points, as the lab counts them


def exam_list() -> ExamList:
    """All exams, with the mistakes of those that cannot be read, and all sessions."""
    from rung.runner.exams import loader

    exams, mistakes = [], []
    for path in loader.paths():
        try:
            exams.append(loader.load(path))
        except LabFileError as error:
            mistakes.append(error)
    return ExamList(exams, mistakes, ExamSession.all())


def exam_names() -> list[str]:
    """The names of all exams."""
    from rung.runner.exams import loader

    return [path.stem for path in loader.paths()]


def session_ids() -> list[str]:
    """The ids of all exam sessions, oldest first."""
    return [session.id for session in ExamSession.all()]


def supervise(exam: str) -> None:
    """Run the supervisor of an exam session until it is submitted or its time is up; one process at a time does."""
    supervisor.ExamSupervisor(exam, current.driver).serve()


def served_session(exam: str | None) -> ExamSession:
    """The session with this id (or the only one whose id begins so); None: the open one, or else the newest.

    While it runs, the call counts as a sign of life and restarts a supervisor that was killed; once its time is up,
    the call pauses its machines. Raises UsageError where there is no such session; EngineGone.
    """
    return ensure_served(ExamSession.find(exam))


def ensure_served(session: ExamSession) -> ExamSession:
    """The session as it is now, after a sign of life and all else that `served_session` does. Raises EngineGone."""
    if session.phase not in ("running", "over"):
        return session
    if not session.paused_at_deadline:  # once its machines are paused, no sign of life is needed
        try:
            heartbeat.beat(session.id)
        except EnvironmentBroken:
            if session.phase != "over":  # at the deadline the machines are paused whatever cannot be written
                raise
    session = session.again()
    if session.phase == "running":
        supervisor.launch(session.id)
    elif not session.paused_at_deadline:
        pause_exam(ExamMachines(session.id, current.attempts()))
    return session.again()


def machine_states(session: ExamSession, tell: Tell = ignore) -> dict[int, str]:
    """The state of the machines of each question that had any: question number -> the attempt's state.

    "gone": they were removed; "unknown": no engine answers, which is told.
    """
    created = session.numbers("prepared")
    try:
        found = ExamMachines(session.id, current.attempts()).found() if session.phase != "ended" else {}
    except EngineGone as error:
        tell(str(error).partition("\n")[0].removesuffix(" Tried:"))
        return dict.fromkeys(created, "unknown")
    states: dict[int, str] = {number: attempt.state for number, attempt in found.items()}
    return dict.fromkeys(created, "gone") | states


def session_data(session: ExamSession) -> dict[str, Any]:
    """A session as JSON: exam (its id), name, mode, seed, digest, state, deadline (UTC), seconds_left."""
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
    """`session_data` with `questions`: number, points, title, attempt, machines, seconds spent on it, flag and note.

    states: as `machine_states` gives them.
    """
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
    """One question, or with `number` None all of them; exam: as for `served_session`.

    Raises UsageError where there is no such exam or question, or its clock has not started; LabFileError.
    """
    session = served_session(exam)
    if session.phase == "drawn" and session.mode == "exam":
        raise UsageError(f"The clock of {session.paper.name} does not run yet.", fix="`rung exam start` goes on.")
    numbers = [number] if number is not None else [question.number for question in session.paper.questions]
    return [question_view(session, session.paper.question(each)) for each in numbers]


def question_view(session: ExamSession, question: ExamQuestion, lab: Lab | None = None) -> QuestionView:
    """A question with its lab; `lab`: the lab, if it is loaded already. Raises UsageError, LabFileError."""
    from rung.runner.exams.machines import lab_of
    from rung.runner.services.tasks import points_of

    lab = lab or lab_of(session, question)
    return QuestionView(session, question, lab, points_of(lab))


def set_flag(exam: str | None, number: int, *, on: bool) -> None:
    """Flag a question, or remove its flag; exam: as for `served_session`.

    Raises UsageError where there is no such exam or question, and once the exam is submitted.
    """
    session = served_session(exam)
    question = session.paper.question(number)
    _require_open(session)
    session.append("flagged", question=question.number, on=on)


def set_note(exam: str | None, number: int, text: str) -> None:
    """Replace the note on a question (an empty text removes it); exam: as for `served_session`.

    Raises UsageError where there is no such exam or question, and once the exam is submitted.
    """
    session = served_session(exam)
    question = session.paper.question(number)
    _require_open(session)
    session.append("noted", question=question.number, text=text)


def note_of(exam: str | None, number: int) -> str:
    """The note on a question, empty where it has none. Raises UsageError where there is no such exam or question."""
    session = served_session(exam)
    return session.notes.get(session.paper.question(number).number, "")


def _require_open(session: ExamSession) -> None:
    if session.phase not in ("drawn", "running", "over"):
        raise UsageError(
            f"{session.paper.name} (exam {session.id}) is submitted: flags and notes stay as they are.",
            fix="`rung exam report` shows them.",
        )
