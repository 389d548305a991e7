"""Grade the running lab and record the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rung.runner.core.progress import Progress, silent

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.grading.report import Report
    from rung.runner.lab.model import Lab


@dataclass(frozen=True)
class GradeRequest:
    """Which tasks are graded, and whether machines are restarted."""

    tasks: tuple[str, ...] = ()  # task ids; empty: all
    live: bool = False  # leave out the restart, even if the lab has one

    def skips_restart(self, lab: Lab) -> bool:
        """Whether this request leaves out the lab's restart."""
        return self.live and bool(lab.rebooted())

    def restarts(self, lab: Lab) -> bool:
        """Whether machines are restarted for this request."""
        return not self.live and bool(lab.rebooted())


def check_lab(attempt: Attempt, lab: Lab, request: GradeRequest, progress: Progress = silent) -> Report:
    """Grade the attempt and record the report in its journal.

    A report of some tasks only, or without the lab's restart, is recorded as partial and does not count as a result.
    Raises UsageError for an unknown task, and where the lab has changed or is not trusted; EnvironmentBroken.
    """
    from rung.runner.grading.grade import grade
    from rung.runner.grading.record import record_report

    report = grade(lab, attempt, tasks=request.tasks, live_only=request.live, progress=progress)
    record_report(attempt, report, whole=not request.tasks and not request.skips_restart(lab))
    return report
