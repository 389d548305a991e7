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
    """An exam's result, and the questions of it that are looked at."""

    report: ExamReportJson
    questions: list[QuestionJson]


@dataclass(frozen=True)
class Retry:
    """A question's lab, to be started afresh with the values that it had."""

    path: str  # the lab's folder
    seed: int


def has_result(session: ExamSession) -> bool:
    """Whether all questions of an exam are graded."""
    return any(event["event"] == "graded" for event in session.events)


def session_with_result(exam: str | None) -> ExamSession:
    """The session of that id; without an id the newest one that has a result, or else the newest."""
    if exam is None:
        graded = [session for session in ExamSession.all() if has_result(session)]
        if graded:
            return graded[-1]
    return ExamSession.find(exam)


def exam_result(exam: str | None) -> ExamReportJson:
    """The result of one exam, by docs/exam-report.schema.json. Raises UsageError where it has none."""
    return result(session_with_result(exam))


def all_results() -> list[ExamReportJson]:
    """The result of every exam that has one, oldest first."""
    return [
        result(session) for session in ExamSession.all() if session.phase in ("graded", "ended") and has_result(session)
    ]


def skill_map(track: str) -> str:
    """The candidate's skills for a track as SVG; empty where the record or the track cannot be read."""
    from rung.runner.learning.learner import load_learner
    from rung.runner.render.map import map_of

    try:
        found = load_learner(current.capabilities)
        return map_of(found, [found.track(track)], "skills", dark=False)
    except RungError:  # the result counts; the map is an extra
        return ""


def review_exam(exam: str | None, number: int | None) -> Review:
    """One question of a result, or all of them. Raises UsageError where the exam has no result."""
    session = served_session(exam) if exam is not None else session_with_result(None)
    report = result(session)
    if number is None:
        return Review(report, list(report["questions"]))
    return Review(report, [report["questions"][session.paper.question(number).number - 1]])


def retry_of(exam: str | None, number: int | None) -> Retry:
    """The lab of a graded question. Raises UsageError without a number, and where the exam has no result."""
    session = served_session(exam) if exam is not None else session_with_result(None)
    result(session)
    if number is None:
        raise UsageError("Which question?", fix="`rung exam review 3 --again` starts question 3 again.")
    question = session.paper.question(number)
    return Retry(question.path, question.seed)


def dispute_result(exam: str | None, number: int, check: str | None, why: str, output: Path | None) -> Path:
    """Write the file by which somebody else can judge a result, and record that it was disputed; the file's path."""
    from rung.runner.exams.dispute import dispute, target

    session = session_with_result(exam)
    question, checks = target(session, number, check)
    text = dispute(session, question, checks, why, current.attempts)
    path = output or Path(f"dispute-{session.id}-{number}{f'-{check}' if check else ''}.md")
    write_output(path, text)
    if session.phase == "graded":
        with suppress(RungError):  # the clusters that were asked once more are paused again, where an engine answers
            ExamMachines(session.id, current.attempts()).rest()
    session.append("disputed", question=number, checks=checks, why=why, file=str(path.resolve()))
    return path
