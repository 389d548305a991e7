"""Submit an exam and grade it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rung.runner.core.errors import EnvironmentBroken, UsageError
from rung.runner.core.locks import file_lock
from rung.runner.core.progress import Progress, silent
from rung.runner.exams import paths
from rung.runner.exams.machines import ExamMachines
from rung.runner.services import current
from rung.runner.services.exam_report import has_result

if TYPE_CHECKING:
    from rung.runner.exams.result_format import ExamReportJson
    from rung.runner.exams.session import ExamSession


@dataclass(frozen=True)
class GradedExam:
    """The outcome of grading an exam."""

    failures: dict[int, str]  # question number -> why it could not be graded
    report: ExamReportJson | None  # None if a question could not be graded


def needs_submission(session: ExamSession) -> bool:
    """Whether a session has to be submitted; False where it is submitted or graded already.

    Raises UsageError where it cannot be submitted: its clock has not started, or it was ended.
    """
    if has_result(session):
        return False
    if session.phase in ("drawn", "ended"):
        why = "its clock has not started" if session.phase == "drawn" else "it was ended without being submitted"
        raise UsageError(f"{session.paper.name} (exam {session.id}) cannot be submitted: {why}.")
    return session.phase in ("running", "over")


def unopened_questions(session: ExamSession) -> int:
    """The number of questions that the candidate has not opened."""
    return len(session.paper.questions) - len(set(session.numbers("opened")))


def submit_exam(session: ExamSession) -> ExamSession:
    """Record the submission, which cannot be undone; the session as it is then.

    Raises EnvironmentBroken where another process is submitting it.
    """
    with file_lock(paths.lock(session.id, "submit"), 10.0) as acquired:
        if not acquired:
            raise EnvironmentBroken("Another `rung` command is submitting it.", fix="`rung exam submit` tries again.")
        now = session.again()
        if now.phase in ("running", "over"):
            now.append("submitted", opened=sorted(set(now.numbers("opened"))), flagged=sorted(now.flags))
    return session.again()


def grade_exam(session: ExamSession, *, give_up: bool = False, progress: Progress = silent) -> GradedExam:
    """Grade the questions of a submitted session that are not graded yet, and make its result once all are.

    give_up: questions that cannot be graded get no result, and their weight is left out. Raises EnvironmentBroken.
    """
    from rung.runner.exams.grade import ExamGrader
    from rung.runner.exams.result import graded, result

    machines = ExamMachines(session.id, current.attempts())
    machines.attempts.driver.preload()
    failures = ExamGrader(machines, progress, give_up).grade_all()
    if failures:
        return GradedExam(failures, None)
    graded(session)
    machines.pause_clusters()
    return GradedExam({}, result(session.again()))
