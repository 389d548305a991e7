"""The results of exams: reports, reviews, disputes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.errors import RungError, UsageError
from rung.runner.exams.machines import ExamMachines
from rung.runner.exams.result import result
from rung.runner.exams.session import ExamSession
from rung.runner.services import current
from rung.runner.services.exam_serve import served_session
from rung.runner.services.output import write_output

if TYPE_CHECKING:
    from rung.runner.exams.result_format import ExamReportJson, QuestionJson


@dataclass(frozen=True)
class Review:
    """An exam's result, and the questions that are reviewed."""

    report: ExamReportJson
    questions: list[QuestionJson]


@dataclass(frozen=True)
class Retry:
    """The lab of a graded question, to start again with the same values."""

    path: str  # the lab's folder
    seed: int


def has_result(session: ExamSession) -> bool:
    """Whether an exam is graded."""
    return any(event["event"] == "graded" for event in session.events)


def session_with_result(exam: str | None) -> ExamSession:
    """The session with this id; None: the newest one that is graded, or else the newest. Raises UsageError."""
    if exam is None:
        graded = [session for session in ExamSession.all() if has_result(session)]
        if graded:
            return graded[-1]
    return ExamSession.find(exam)


def exam_result(exam: str | None) -> ExamReportJson:
    """The result of an exam, as docs/exam-report.schema.json describes it.

    exam: as for `session_with_result`. Raises UsageError where there is no such exam, or it has no result.
    """
    return result(session_with_result(exam))


def all_results() -> list[ExamReportJson]:
    """The result of every exam that has one, oldest first."""
    return [
        result(session) for session in ExamSession.all() if session.phase in ("graded", "ended") and has_result(session)
    ]


def result_skill_map(track: str) -> str:
    """The candidate's skills for a track as SVG, for the report; empty where the record or track cannot be read."""
    from rung.runner.learning.learner import load_learner
    from rung.runner.render.map import map_of

    try:
        found = load_learner(current.capabilities)
        return map_of(found, [found.track(track)], "skills", dark=False)
    except RungError:  # the report is complete without the map
        return ""


def review_exam(exam: str | None, number: int | None) -> Review:
    """One question of an exam with its result, or all questions.

    exam: id of a session, by default the newest one that is graded. number: of the question; None: all.
    Raises UsageError where there is no such exam or question, or no result.
    """
    session = served_session(exam) if exam is not None else session_with_result(None)
    report = result(session)
    if number is None:
        return Review(report, list(report["questions"]))
    return Review(report, [report["questions"][session.paper.question(number).number - 1]])


def retry_of(exam: str | None, number: int | None) -> Retry:
    """The lab of a graded question, to start it again; exam: as for `review_exam`.

    Raises UsageError without a number, and where there is no such exam or question, or no result.
    """
    session = served_session(exam) if exam is not None else session_with_result(None)
    result(session)
    if number is None:
        raise UsageError("Which question?", fix="`rung exam review 3 --again` starts question 3 again.")
    question = session.paper.question(number)
    return Retry(question.path, question.seed)


def dispute_result(exam: str | None, number: int, check: str | None, why: str, output: Path | None) -> Path:
    """Write a file with all that somebody needs to judge a result, and record the dispute; the file's path.

    exam: as for `session_with_result`. number: of the question; check: `task.check`, None: all that did not pass.
    why: the candidate's reason. output: the file, by default dispute-EXAM-NUMBER[-CHECK].md in the current folder.
    Raises UsageError where there is no such exam, question or check, or the file cannot be written.
    """
    from rung.runner.exams.dispute import dispute, target

    session = session_with_result(exam)
    question, checks = target(session, number, check)
    text = dispute(session, question, checks, why, current.attempts)
    path = output or Path(f"dispute-{session.id}-{number}{f'-{check}' if check else ''}.md")
    write_output(path, text)
    if session.phase == "graded":
        with suppress(RungError):  # pause the clusters that `dispute` has resumed, if an engine answers
            ExamMachines(session.id, current.attempts()).pause_clusters()
    session.append("disputed", question=number, checks=checks, why=why, file=str(path.resolve()))
    return path
