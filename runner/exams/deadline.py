"""The deadline of an exam: every machine is paused, and the pause is recorded with its lateness."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import file_lock
from rung.runner.exams import paths
from rung.runner.exams.machines import ExamMachines
from rung.runner.exams.session import ExamSession


def pause_exam(machines: ExamMachines, late: float | None = None) -> bool:
    """Pause every machine of an exam whose time is up, then record it; return whether nothing is left to do.

    late: seconds after the deadline at which an earlier call, which could not record anything, sent its first request.
    Raises EngineGone, and EnvironmentBroken where the journal cannot be written (a full disk): the machines are
    paused all the same, and the next call records it.
    """
    with _pause_lock(machines.exam) as acquired:
        session = ExamSession.read(machines.exam)
        if session.phase != "over" or session.paused_at_deadline:
            return session.phase != "running"  # a grant of time may have made it run again
        if not acquired:
            return False
        # Lateness is measured when the first pause request is sent, not when it completes.
        first = lateness(session) if late is None else late
        if (before := session.pause_lateness) is None:
            with contextlib.suppress(EnvironmentBroken):
                session.append("pausing", late=first)
        elif not machines.awake():
            first = before  # the process that paused them was killed before it recorded the pause
        numbers, awake = machines.pause_all()
        if late is not None and not numbers:  # the earlier call paused them
            numbers = [number for number in session.numbers("prepared") if number not in awake]
        refused = {"running": awake} if awake else {}
        session.append("paused", questions=numbers, late=first, **refused)
        return True


@contextlib.contextmanager
def _pause_lock(exam: str) -> Iterator[bool]:
    """The lock of the process that pauses an exam; on a full disk, where it cannot be made, any process may."""
    with contextlib.ExitStack() as stack:
        try:
            acquired = stack.enter_context(file_lock(paths.lock(exam, "pause"), wait=60.0))
        except EnvironmentBroken:
            acquired = True
        yield acquired


def lateness(session: ExamSession) -> float:
    """Seconds since the deadline; 0 before it."""
    return round(max(0.0, -(session.left or 0.0)), 1)
