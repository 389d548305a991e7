"""The dialogue of `rung exam submit`, `report` and `review`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.runner.cli.common import can_ask, confirm
from rung.runner.cli.start import begin
from rung.runner.core.errors import UsageError
from rung.runner.render.exam_csv import csv_table
from rung.runner.render.exam_html import html
from rung.runner.render.exam_report import exam_report_page, review_page
from rung.runner.render.exams import time_left
from rung.runner.render.junit import exam_junit
from rung.runner.render.page import notice, plain, rendered, show
from rung.runner.render.phases import Phases
from rung.runner.services import current, exam_report, exam_submit
from rung.runner.services.exam_serve import served_session
from rung.runner.services.output import write_output
from rung.runner.services.start import StartRequest, find_lab

if TYPE_CHECKING:
    from rung.runner.exams.result_format import ExamReportJson
    from rung.runner.exams.session import ExamSession


def submit(exam: str | None, *, sure: bool, give_up: bool) -> int:
    """Submit an exam, grade it and show the result. Returns the exit code."""
    session = served_session(exam)
    if exam_report.has_result(session):
        click.echo(f"{session.paper.name} (exam {session.id}) is submitted already; this is its result.", err=True)
        return _show(exam_report.exam_result(session.id))
    if exam_submit.needs_submission(session):
        if not (sure or _agreed(session)):
            return 1
        session = exam_submit.submit_exam(session)
    return _grade(session, give_up=give_up)


def _agreed(session: ExamSession) -> bool:
    """Whether the candidate agrees to submit. Raises UsageError where nobody can be asked."""
    unopened = exam_submit.unopened_questions(session)
    click.echo(
        f"{time_left(session)}; {unopened} not opened, {len(session.flags)} flagged. This cannot be undone.", err=True
    )
    if not can_ask():
        raise UsageError("There is no terminal to ask on.", fix="`rung exam submit --yes` submits it.")
    return confirm("Submit?")


def _grade(session: ExamSession, *, give_up: bool) -> int:
    with Phases("Graded") as phases:
        graded = exam_submit.grade_exam(session, give_up=give_up, progress=phases)
    if graded.report is not None:
        return _show(graded.report)
    for number, why in sorted(graded.failures.items()):
        notice(f"Question {number} could not be graded: {why}")
    notice(("rung exam submit", "command"), " tries again; with ", ("--give-up", "command"),
           " it is graded without them, and their weight is left out.")  # fmt: skip
    return 3


def _show(report: ExamReportJson) -> int:
    show(exam_report_page(report))
    return 0 if report["passed"] else 1


def report(exam: str | None, form: str, output: Path | None, *, everything: bool) -> int:
    """Print or write results. Returns the exit code. Raises UsageError for a format or file that does not fit."""
    if everything and (form not in ("json", "csv") or exam is not None):
        raise UsageError(
            "--all needs --format json or csv, and takes no exam.", fix="Name one exam, or change the format."
        )
    reports = exam_report.all_results() if everything else [exam_report.exam_result(exam)]
    if output is None:
        click.echo(_FORMATS[form](reports, everything), nl=False)
    else:
        write_output(output, _plain_text(reports) if form == "text" else _FORMATS[form](reports, everything))
        click.echo(f"written: {output}", err=True)
    return 0 if all(one["passed"] for one in reports) else 1


def _plain_text(reports: Sequence[ExamReportJson]) -> str:
    """The report without colours, for a file."""
    return plain(exam_report_page(reports[0]))


def _text(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    return rendered(exam_report_page(reports[0]), sys.stdout)


def _json(reports: Sequence[ExamReportJson], everything: bool) -> str:
    return json.dumps(reports if everything else reports[0], indent=2, ensure_ascii=False) + "\n"


def _html(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    return html(reports[0], exam_report.result_skill_map(reports[0]["track"]))


def _csv(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    return csv_table(reports)


def _junit(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    return exam_junit(reports[0])


_FORMATS: dict[str, Callable[[Sequence[ExamReportJson], bool], str]] = {
    "text": _text, "json": _json, "html": _html, "csv": _csv, "junit": _junit
}  # fmt: skip


def review(exam: str | None, number: int | None, *, again: bool) -> int:
    """Show the review of questions, or start one again. Returns the exit code."""
    if again:
        retry = exam_report.retry_of(exam, number)
        return begin(current.attempts(), find_lab(retry.path), StartRequest(retry.seed, new=True), shell=True)
    reviewed = exam_report.review_exam(exam, number)
    for position, question in enumerate(reviewed.questions):
        if position:
            click.echo()
        show(review_page(reviewed.report, question))
    return 0
