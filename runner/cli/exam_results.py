"""rung exam submit, report, review, dispute."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.runner.cli import common

if TYPE_CHECKING:
    from rung.runner.exams.machines import ExamMachines
    from rung.runner.exams.result_format import ExamReportJson
    from rung.runner.exams.session import ExamSession


def submit(exam: str | None, *, sure: bool, give_up: bool) -> int:
    """Submit an exam, grade it and show the result; exit code."""
    from rung.runner.cli.exam_pages import chosen
    from rung.runner.core.errors import UsageError

    sitting = chosen(exam)
    if _has(sitting):
        click.echo(f"{sitting.paper.name} (exam {sitting.id}) was submitted before; this is its result.", err=True)
        return _told(sitting)
    if sitting.phase in ("drawn", "ended"):
        said = "its clock has not begun" if sitting.phase == "drawn" else "it was ended without being submitted"
        raise UsageError(f"{sitting.paper.name} (exam {sitting.id}) cannot be submitted: {said}.")
    if sitting.phase in ("running", "over"):
        if not _agreed(sitting, sure=sure):
            return 1
        _submitted(sitting)
    return _marked(sitting.again(), give_up=give_up)


def _agreed(sitting: ExamSession, *, sure: bool) -> bool:
    """Whether the candidate means it. Raises UsageError where nobody can be asked."""
    from rung.runner.core.errors import UsageError
    from rung.runner.render.exams import time_left

    if sure:
        return True
    unopened = len(sitting.paper.questions) - len(set(sitting.numbers("opened")))
    said = f"{time_left(sitting)}; {unopened} not opened, {len(sitting.flags)} flagged. There is no way back."
    click.echo(said, err=True)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("There is no terminal to ask on.", fix="`rung exam submit --yes` submits it.")
    return click.confirm("Submit?", default=False, err=True)


def _submitted(sitting: ExamSession) -> None:
    """Enter the submission, once."""
    from rung.runner.core.errors import EnvironmentBroken
    from rung.runner.core.locks import file_lock
    from rung.runner.exams import paths

    with file_lock(paths.lock(sitting.id, "submit"), wait=10.0) as mine:
        if not mine:
            raise EnvironmentBroken("Another Rung is submitting this exam.", fix="`rung exam submit` tries again.")
        now = sitting.again()
        if now.phase in ("running", "over"):
            now.append("submitted", opened=sorted(set(now.numbers("opened"))), flagged=sorted(now.flags))


def _marked(sitting: ExamSession, *, give_up: bool) -> int:
    """Grade what is not graded yet; the result once all of it is. Exit code."""
    from rung.runner.exams.grade import ExamGrader
    from rung.runner.exams.result import graded
    from rung.runner.render.page import notice
    from rung.runner.render.phases import Phases

    desk = _desk(sitting)
    desk.attempts.driver.preload()
    with Phases("Graded") as phases:
        failed = ExamGrader(desk, phases, give_up).mark()
    for number, why in sorted(failed.items()):
        notice(f"Question {number} could not be graded: {why}")
    if failed:
        notice(("rung exam submit", "command"), " tries again; with ", ("--give-up", "command"),
               " the exam is graded without, and the weight is taken out.")  # fmt: skip
        return 3
    graded(sitting)
    desk.rest()
    return _told(sitting.again())


def _desk(sitting: ExamSession) -> ExamMachines:
    from rung.runner.exams.machines import ExamMachines

    return ExamMachines(sitting.id, common.attempts())


def _told(sitting: ExamSession) -> int:
    from rung.runner.exams.result import result
    from rung.runner.render.exam_report import exam_report_page
    from rung.runner.render.page import show

    report = result(sitting)
    show(exam_report_page(report))
    return 0 if report["passed"] else 1


# -- reports


def report(exam: str | None, form: str, output: Path | None, *, everything: bool) -> int:
    """Print or write results; exit code. Raises UsageError."""
    from rung.runner.core.errors import UsageError
    from rung.runner.exams.result import result
    from rung.runner.exams.session import ExamSession
    from rung.runner.render.exam_report import exam_report_page
    from rung.runner.render.page import plain

    if everything and (form not in ("json", "csv") or exam is not None):
        raise UsageError(
            "--all is for --format json and csv, and names no exam.", fix="Name one exam, or change the format."
        )
    if everything:
        reports = [
            result(sitting) for sitting in ExamSession.all() if sitting.phase in ("graded", "ended") and _has(sitting)
        ]
    else:
        reports = [result(_with_result(exam))]
    text = _FORMS[form](reports, everything)
    if output is not None and form == "text":
        text = plain(exam_report_page(reports[0]))  # a file has no colours
    if output is not None:
        _write(output, text)
        click.echo(f"written: {output}", err=True)
    else:
        click.echo(text, nl=False)
    return 0 if all(report["passed"] for report in reports) else 1


def _has(sitting: ExamSession) -> bool:
    return any(event["event"] == "graded" for event in sitting.events)


def _with_result(exam: str | None) -> ExamSession:
    """The exam that is meant; without an id the newest that has a result, if one has."""
    from rung.runner.exams.session import ExamSession

    if exam is None:
        found = [sitting for sitting in ExamSession.all() if _has(sitting)]
        if found:
            return found[-1]
    return ExamSession.find(exam)


def _text(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    from rung.runner.render.exam_report import exam_report_page
    from rung.runner.render.page import rendered

    return rendered(exam_report_page(reports[0]), sys.stdout)


def _json(reports: Sequence[ExamReportJson], everything: bool) -> str:
    import json

    return json.dumps(reports if everything else reports[0], indent=2, ensure_ascii=False) + "\n"


def _html(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    from rung.runner.render.exam_html import html

    return html(reports[0], _skill_map(reports[0]["track"]))


def _skill_map(track: str) -> str:
    """The candidate's skills for the exam's track; nothing where the record or the track is not to be had now."""
    from rung.runner.core.errors import RungError
    from rung.runner.learning.learner import learner
    from rung.runner.render.map import map_of

    try:
        found = learner(common.capabilities)
        return map_of(found, [found.track(track)], "skills", dark=False)
    except RungError:  # the result counts; the map is an extra
        return ""


def _csv(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    from rung.runner.render.exam_csv import sheet

    return sheet(reports)


def _junit(reports: Sequence[ExamReportJson], _everything: bool) -> str:
    from rung.runner.render.junit import exam_junit

    return exam_junit(reports[0])


_FORMS: dict[str, Callable[[Sequence[ExamReportJson], bool], str]] = {
    "text": _text, "json": _json, "html": _html, "csv": _csv, "junit": _junit
}  # fmt: skip


def _write(path: Path, text: str) -> None:
    from rung.runner.core.errors import UsageError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", fix="Name another file.") from error


# -- after it


def review(exam: str | None, number: int | None, *, again: bool) -> int:
    """Show what became of a question, or start it afresh; exit code."""
    from rung.runner.catalog.labs import find
    from rung.runner.cli.exam_pages import chosen
    from rung.runner.cli.start import begin
    from rung.runner.core.errors import UsageError
    from rung.runner.exams.result import result
    from rung.runner.render.exam_report import review_page
    from rung.runner.render.page import show

    sitting = chosen(exam) if exam is not None else _with_result(None)
    report = result(sitting)
    if again:
        if number is None:
            raise UsageError("Which question?", fix="`rung exam review 3 --again` starts question 3 again.")
        question = sitting.paper.question(number)
        entry = find(question.path)
        return begin(common.attempts(), entry, seed=question.seed, shell=True, new=True, keep=False)
    chosen_ones = (
        report["questions"] if number is None else [report["questions"][sitting.paper.question(number).number - 1]]
    )
    for each in chosen_ones:
        show(review_page(report, each))
        if each is not chosen_ones[-1]:
            click.echo()
    return 0


def dispute(exam: str | None, number: int, check: str | None, why: str, output: Path | None) -> None:
    """Write the file by which somebody else can judge a result, and enter that it was disputed."""
    from rung.runner.exams.dispute import dispute, target

    sitting = _with_result(exam)
    question, checks = target(sitting, number, check)
    text = dispute(sitting, question, checks, why, common.attempts)
    name = f"dispute-{sitting.id}-{number}{f'-{check}' if check else ''}.md"
    path = output or Path(name)
    _write(path, text)
    if sitting.phase == "graded":
        _rest(sitting)
    sitting.append("disputed", question=number, checks=checks, why=why, file=str(path.resolve()))
    click.echo(path)


def _rest(sitting: ExamSession) -> None:
    """Let the clusters that were asked once more stand still again, where an engine is there."""
    from rung.runner.core.errors import RungError

    with suppress(RungError):
        _desk(sitting).rest()
