"""Grading as the command and the shell's `check` both ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rung.runner.core.progress import Progress, silent

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.grading.report import Report
    from rung.runner.lab.model import Lab
    from rung.runner.render.page import Page


@dataclass(frozen=True)
class GradeRequest:
    """What is to be graded, and how."""

    tasks: tuple[str, ...] = ()
    live: bool = False
    named: str = ""  # ` --attempt ID`, as the learner typed it
    in_shell: bool = False  # whether it is asked for and read in the machine's shell

    def grade(self, attempt: Attempt, lab: Lab, progress: Progress = silent) -> Report:
        """Grade, and record what was found."""
        from rung.runner.grading.grade import grade
        from rung.runner.grading.record import record_report

        report = grade(lab, attempt, tasks=self.tasks, live_only=self.live, progress=progress)
        record_report(attempt, report, whole=not self.tasks and not self.unfinished(lab))
        return report

    def unfinished(self, lab: Lab) -> bool:
        """Whether the restart, which this lab's score asks for, is left out."""
        return self.live and bool(lab.rebooted())

    def will_restart(self, lab: Lab) -> bool:
        return not self.live and bool(lab.rebooted())

    def page(self, report: Report, lab: Lab) -> Page:
        from rung.runner.render.report import inside, outside, report_page

        typed = inside if self.in_shell else partial(outside, attempt=self.named)
        return report_page(report, title=lab.title, typed=typed, live_only=self.unfinished(lab))
