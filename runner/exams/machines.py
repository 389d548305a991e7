"""The machines of an exam's questions: creates, resumes and pauses them, and reports machines that are lost."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts
from rung.runner.core.errors import EngineGone, EngineRefused, EnvironmentBroken
from rung.runner.core.journal import EventJournal
from rung.runner.core.locks import file_lock, is_locked
from rung.runner.core.progress import Progress, silent
from rung.runner.exams import paths, resume
from rung.runner.exams.paper import ExamQuestion
from rung.runner.exams.session import ExamSession
from rung.runner.lab.model import CONTROL_PLANE, Lab

LOCK_SECONDS = 900.0  # for another process to create one question's machines (images included)
WHOLE = ("ready", "paused", "stopped")  # states of an attempt whose start completed


@dataclass(frozen=True)
class ExamMachines:
    """The machines of one exam session."""

    exam: str
    attempts: Attempts

    def found(self) -> dict[int, Attempt]:
        """Question number -> its attempt, for questions of which any machine exists. Raises EngineGone."""
        by_id = {attempt.id: attempt for attempt in self.attempts.all()}
        questions = ExamSession.read(self.exam).paper.questions
        return {q.number: by_id[q.attempt] for q in questions if q.attempt in by_id}

    # -- creating

    def prepare(self, question: ExamQuestion, progress: Progress = silent, *, anew: bool = False) -> Attempt:
        """Create a question's machines in their starting state, unless they exist; `anew`: replace them.

        Raises EnvironmentBroken where they cannot be created, or were created before and are gone; EngineGone,
        UsageError, LabFileError.
        """
        if not anew and (attempt := self._created(question)) is not None:
            return attempt
        lock = lock_of(self.exam, question)
        if is_locked(lock):
            progress("wait", f"another Rung process is creating the machines of question {question.number}")
        with file_lock(lock, LOCK_SECONDS) as acquired:
            if not acquired:
                raise EnvironmentBroken(
                    f"Another Rung process has been creating the machines of question {question.number} for 15 minutes."
                )
            if not anew and (attempt := self._created(question)) is not None:
                return attempt
            attempt = self.found().get(question.number)
            if attempt is None and not anew and question.number in ExamSession.read(self.exam).numbers("prepared"):
                raise EnvironmentBroken(
                    f"The machines of question {question.number} are gone, and so is the work on them.",
                    fix=f"`rung exam shell {question.number} --new` starts the question afresh.",
                )
            if attempt is not None:
                attempt.stop()
            return self._create(question, progress, anew=anew)

    def _created(self, question: ExamQuestion) -> Attempt | None:
        """The question's attempt, if all its machines were created."""
        attempt = self.found().get(question.number)
        if attempt is None or attempt.state not in WHOLE:
            return None
        self._record_prepared(question)
        return attempt

    def _create(self, question: ExamQuestion, progress: Progress, *, anew: bool) -> Attempt:
        session, began = ExamSession.read(self.exam), time.monotonic()
        try:
            lab = lab_of(session, question)
            attempt = self.attempts.start(
                lab, attempt=question.attempt, exam=self.exam, share=self._share(question), progress=progress
            )
        except EngineGone:
            raise  # the question is not the cause
        except Exception as error:
            session.append("unprepared", question=question.number, why=str(error) or type(error).__name__)
            raise
        seconds = round(time.monotonic() - began, 1)
        session.append("prepared", question=question.number, seconds=seconds, **({"anew": True} if anew else {}))
        return attempt

    def _share(self, question: ExamQuestion) -> str | None:
        """The id of the shared cluster; None where an earlier start may have left something on it."""
        begun_before = any(EventJournal.of(question.attempt).events("starting"))
        return None if question.share is None or begun_before else f"{self.exam}-{question.share}"

    def _record_prepared(self, question: ExamQuestion) -> None:
        """Record that the machines exist, in case the process that created them was killed before it did."""
        session = ExamSession.read(self.exam)
        if question.number not in session.numbers("prepared"):
            session.append("prepared", question=question.number)

    # -- resuming

    def open(self, question: ExamQuestion, progress: Progress = silent, *, anew: bool = False) -> Attempt:
        """A question's machines, created if need be, and running. Raises as `prepare` does."""
        attempt = self.prepare(question, progress, anew=anew)
        if attempt.state == "ready":
            return attempt
        session = ExamSession.read(self.exam)
        lab = lab_of(session, question)
        progress("wake", f"question {question.number}")
        was = attempt.state
        self.resume(attempt)
        resume.wait_for_api(attempt, lab)
        untouched = question.number not in session.numbers("opened")
        if was == "stopped" and untouched and lab.cluster is not None and not resume.start_state_returns(attempt, lab):
            # The lab's starting state does not survive a restart, and there is no work to lose yet.
            attempt = self.prepare(question, progress, anew=True)
        return self._reread(attempt)

    def resume(self, attempt: Attempt) -> None:
        """Resume paused machines, and start stopped ones."""
        attempt.resume()

    def _reread(self, attempt: Attempt) -> Attempt:
        return next((a for a in self.attempts.all() if a.id == attempt.id), attempt)

    # -- pausing

    def pause_all(self) -> tuple[list[int], list[int]]:
        """Pause every machine of the exam; return the questions it paused, and those that still have a running machine.

        Questions that share a cluster are paused together. A failure for one question (the engine refuses, its
        journal cannot be written) does not prevent the others. Raises EngineGone.
        """
        awake = self.awake()
        found = self.found() if awake else {}
        for number in awake:
            try:
                found[number].pause()
            except EngineGone:
                raise
            except EnvironmentBroken:
                continue  # the second call of `awake` shows whether its machines still run
        still_awake = self.awake() if awake else []
        return [number for number in awake if number not in still_awake], still_awake

    def awake(self) -> list[int]:
        """The questions with a running machine."""
        return [n for n, attempt in self.found().items() if any(m.state == "running" for m in attempt.machines)]

    def pause_clusters(self) -> None:
        """Pause the clusters after the exam: its review needs them, and paused they take no processor time."""
        for attempt in self.found().values():
            if attempt.state == "ready" and any(machine.name == CONTROL_PLANE for machine in attempt.machines):
                with suppress(EngineRefused):
                    attempt.pause()

    def resume_all(self, numbers: Iterable[int]) -> None:
        """Resume the machines of these questions."""
        for number, attempt in self.found().items():
            if number in numbers and attempt.state in WHOLE:
                self.resume(attempt)


def lock_of(exam: str, question: ExamQuestion) -> Path:
    """The lock for creating, resuming and stopping a question's machines; questions on one cluster have one lock."""
    return paths.lock(exam, f"prepare-{question.share or question.number}")


def lab_of(session: ExamSession, question: ExamQuestion) -> Lab:
    """A question's lab as this exam grades it: with a restart of its machines where the exam says `reboot`.

    Raises UsageError, LabFileError as ExamQuestion.load does.
    """
    lab = question.load()
    restarts = session.paper.reboot and lab.cluster is None and not lab.reboot
    return lab.model_copy(update={"reboot": True}) if restarts else lab
