"""Reports of questions whose checks are not run, because their outcome is known without them."""

from __future__ import annotations

from collections.abc import Callable

from rung.checks.core.outcome import Outcome
from rung.runner.exams.paper import ExamQuestion
from rung.runner.grading.grade import bound_checks
from rung.runner.grading.report import CheckReport, Report, TaskReport
from rung.runner.lab.model import Lab

NEVER_OPENED = "this question was never opened"


def untouched(lab: Lab, question: ExamQuestion) -> Report:
    """The result of a question that nobody opened: guards pass and all else fails, as the lab's proof shows."""
    return failed(lab, question, NEVER_OPENED)


def failed(lab: Lab, question: ExamQuestion, reason: str) -> Report:
    """A report in which guards pass and all other checks fail for one reason."""
    return _report(lab, question, lambda holds: (Outcome.PASSED, []) if holds else (Outcome.FAILED, [reason]))


def _report(lab: Lab, question: ExamQuestion, outcome: Callable[[bool], tuple[Outcome, list[str]]]) -> Report:
    """A report without running checks; outcome: whether a check is a guard -> its outcome and reasons."""
    tasks = []
    for task in lab.tasks:
        checks = []
        for check in bound_checks(lab, {}):
            if check.task == task.id:
                result, reasons = outcome(check.holds)
                checks.append(
                    CheckReport(
                        check.id, check.title, check.machine, result, check.points, check.holds, check.when, reasons
                    )
                )
        if checks:
            tasks.append(TaskReport(task.id, task.text, checks))
    return Report(lab.name, question.attempt, lab.seed, tasks)
