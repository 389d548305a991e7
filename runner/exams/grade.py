"""Grades a submitted exam question by question; records each result at once, so that a kill loses none."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from rung.runner.attempts.attempt import Attempt
from rung.runner.core.errors import EngineGone, EnvironmentBroken, LabFileError, RungError, UsageError
from rung.runner.core.journal import EventJournal
from rung.runner.core.locks import file_lock
from rung.runner.core.progress import Progress, silent
from rung.runner.exams import paths, resume
from rung.runner.exams.machines import WHOLE, ExamMachines, lab_of
from rung.runner.exams.paper import ExamQuestion
from rung.runner.exams.session import ExamSession
from rung.runner.exams.unchecked_reports import failed, untouched
from rung.runner.grading.grade import grade
from rung.runner.grading.report import Report
from rung.runner.lab.model import Lab

_SIDE_BY_SIDE = 4  # rows of questions that are graded at the same time
_LOCK_SECONDS = 3.0


@dataclass(frozen=True)
class ExamGrader:
    """Grades the questions of one submitted exam on its machines."""

    machines: ExamMachines
    progress: Progress = silent
    give_up: bool = False  # a question that cannot be graded gets no result, and its weight is taken out

    def grade_all(self) -> dict[int, str]:
        """Grade every question without a recorded result; return those that could not be graded, with the reason.

        Raises EngineGone, and EnvironmentBroken where another process grades it or the journal cannot be written:
        results so far stay, and the next call continues with the rest.
        """
        failed: dict[int, str] = {}
        with file_lock(paths.lock(self.machines.exam, "grading"), _LOCK_SECONDS) as acquired:
            if not acquired:
                raise EnvironmentBroken("Another Rung process is grading this exam.", fix="Wait until it has ended.")
            session = ExamSession.read(self.machines.exam)
            todo = [q for q in session.paper.questions if q.number not in session.numbers("marked")]
            found = self.machines.found() if todo else {}
            session.append("grading")
            complete = False
            try:
                with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
                    # Questions on one cluster are graded one after the other, because they resume together.
                    rows = [pool.submit(self._grade_row, session, row, found) for row in _rows(todo)]
                    for row in rows:
                        failed |= row.result()
                complete = self.give_up or not failed
            finally:
                if not complete:  # machines that are not graded yet must not change until grading continues
                    with suppress(RungError):
                        self.machines.pause_all()
        return {} if self.give_up else failed

    def _grade_row(self, session: ExamSession, row: list[ExamQuestion], attempts: dict[int, Attempt]) -> dict[int, str]:
        try:
            was_paused, resume_error = self._resume_row(session, row, attempts), None
        except EngineGone:
            raise
        except Exception as error:
            was_paused, resume_error = True, _error_text(error)
        reasons = {
            q.number: self._grade_question(session, q, attempts.get(q.number), was_paused, resume_error) for q in row
        }
        return {number: why for number, why in reasons.items() if why is not None}

    def _resume_row(self, session: ExamSession, row: list[ExamQuestion], attempts: dict[int, Attempt]) -> bool:
        """Resume all machines of a row that are to be graded; return whether any was paused or stopped."""
        not_running = [
            (question, attempts[question.number])
            for question in row
            if question.number in attempts
            and attempts[question.number].state in ("paused", "stopped")
            and _needs_checks(session, question, attempts[question.number])
            and _recorded_result(session.id, question) is None
        ]
        for question, attempt in not_running:
            self.progress("wake", f"question {question.number}")
            self.machines.resume(attempt)
        for question, attempt in not_running[:1]:
            with suppress(LabFileError, UsageError):  # grading the question reports it
                resume.wait_for_nodes(attempt, lab_of(session, question))
        return bool(not_running)

    def _grade_question(
        self,
        session: ExamSession,
        question: ExamQuestion,
        attempt: Attempt | None,
        was_paused: bool,
        resume_error: str | None = None,
    ) -> str | None:
        """Grade a question and record the result; return why it could not be graded, or None.

        resume_error: why the machines of its row could not be resumed.
        """
        began, late = time.monotonic(), session.late > 0
        report = _recorded_result(session.id, question)
        if report is not None:
            self._record_mark(session, question, report, began)
            return None
        if (why := _creation_error(session, question, attempt)) is not None:
            # Grading creates no machines, so another try would not change this.
            self._record_mark(session, question, None, began, why=f"its machines could not be created: {why}")
            return None
        self.progress("grade", f"question {question.number}")
        try:
            if resume_error is not None and _needs_checks(session, question, attempt):
                raise EnvironmentBroken(resume_error)
            graded = self._graded(session, question, attempt, was_paused)
        except EngineGone:
            raise
        except Exception as error:  # the other questions are graded all the same
            why = _error_text(error)
            if self.give_up:
                self._record_mark(session, question, None, began, why=why)
            return why
        data = dict(graded.as_json())
        if question.number in session.tried():
            self._record_report(session, question, graded, data, in_time=not late)
        self._record_mark(session, question, {"report": data, "restarted": graded.restarted}, began)
        return None

    @staticmethod
    def _record_report(
        session: ExamSession, question: ExamQuestion, report: Report, data: dict[str, Any], *, in_time: bool
    ) -> None:
        """Record a report in the attempt's own journal as evidence; only for questions that were opened."""
        EventJournal.of(question.attempt).append(
            "report",
            lab=report.lab,
            seed=report.seed,
            score=report.share,
            passed=report.passed,
            report=data,
            restarted=report.restarted,
            exam=session.id,
            in_time=in_time,
        )

    def _graded(
        self, session: ExamSession, question: ExamQuestion, attempt: Attempt | None, was_paused: bool
    ) -> Report:
        lab = lab_of(session, question)
        if not _needs_checks(session, question, attempt):
            return untouched(lab, question)
        if attempt is None or attempt.state not in WHOLE:
            return self._without_machines(question, lab)
        patient = was_paused or bool(lab.rebooted()) or not _waits_are_over(session, question, lab)
        return grade(lab, attempt, patient=patient)

    @staticmethod
    def _without_machines(question: ExamQuestion, lab: Lab) -> Report:
        """The result of a question whose machines are gone: failed where the candidate had Rung remove them.

        Raises EnvironmentBroken where they vanished otherwise, which the candidate did not cause.
        """
        last = EventJournal.of(question.attempt).last("stopped", "ready", "starting") or {}
        if last.get("event") == "stopped":
            return failed(lab, question, "the machines were removed before it was graded")
        raise EnvironmentBroken("its machines are gone, and Rung did not remove them")

    @staticmethod
    def _record_mark(
        session: ExamSession, question: ExamQuestion, mark: dict[str, Any] | None, began: float, why: str | None = None
    ) -> None:
        """Record a question's result, or why there is none."""
        seconds = round(time.monotonic() - began, 2)
        error = {} if why is None else {"error": why}
        session.append("marked", question=question.number, took=seconds, **(mark or {}), **error)


def _rows(todo: Iterable[ExamQuestion]) -> list[list[ExamQuestion]]:
    """The questions in rows: those that share a cluster in one row, each other question in its own."""
    rows: dict[str, list[ExamQuestion]] = {}
    for question in todo:
        rows.setdefault(question.share or str(question.number), []).append(question)
    return list(rows.values())


def _needs_checks(session: ExamSession, question: ExamQuestion, attempt: Attempt | None) -> bool:
    """Whether checks run on a question's machines; they do not where nobody can have changed the machines."""
    exist = attempt is not None and attempt.state in WHOLE
    # Where the machines did not resume, and so the shell did not open, the only event is `entered`.
    entered = session.mode == "practice" or question.number in session.numbers("entered")
    # Work on another question of the cluster can change this one only if its machines exist.
    return question.number in session.tried() or (exist and (entered or _cluster_was_opened(session, question)))


def _creation_error(session: ExamSession, question: ExamQuestion, attempt: Attempt | None) -> str | None:
    """Why the last try to create a question's machines failed; None where it did not, or the machines exist."""
    if attempt is not None and attempt.state in WHOLE:
        return None
    named = ("prepared", "unprepared", "opened")
    events = [e for e in session.events if e["event"] in named and e["question"] == question.number]
    return str(events[-1]["why"]) if events and events[-1]["event"] == "unprepared" else None


def _error_text(error: Exception) -> str:
    """An error as the reason why something was not graded."""
    return str(error) if isinstance(error, RungError) else f"{type(error).__name__}: {error}".removesuffix(": ")


def _cluster_was_opened(session: ExamSession, question: ExamQuestion) -> bool:
    """Whether the candidate opened another question on the same cluster."""
    tried = session.tried()
    return any(q.number in tried for q in session.paper.questions if q.share is not None and q.share == question.share)


def _recorded_result(exam: str, question: ExamQuestion) -> dict[str, Any] | None:
    """The result in the attempt's own journal; the exam's lacks it where Rung was killed between the two entries."""
    reports = [e for e in EventJournal.of(question.attempt).events("report") if e.get("exam") == exam]
    return {"report": reports[0]["report"], "restarted": reports[0].get("restarted", [])} if reports else None


def _waits_are_over(session: ExamSession, question: ExamQuestion, lab: Lab) -> bool:
    """Whether the longest `within` of the lab has passed since the question was last left."""
    longest = max((e.within or 0.0 for task in lab.tasks for e in task.expect), default=0.0)
    python = (lab.folder / "checks.py").exists()  # the waits of those checks are not known
    inside = question.number in session.inside()
    return not python and not inside and session.idle(question.number) > longest
