"""rung exam list, status, tasks, flag, note, and what every command does for an exam that runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from rung.runner.cli import common

if TYPE_CHECKING:
    from rung.runner.exams.paper import ExamQuestion
    from rung.runner.exams.session import ExamSession
    from rung.runner.lab.model import Lab
    from rung.runner.render.page import Page

_STATES = {
    "ready": "ready",
    "paused": "stand still",
    "stopped": "stopped",
    "starting": "being made",
    "incomplete": "cut short",
}


def ensure_served(sitting: ExamSession) -> ExamSession:
    """The exam, looked after: a sign of life is given, its keeper lives, and past its end its machines stand still."""
    from rung.runner.exams import supervisor
    from rung.runner.exams.heartbeat import beat
    from rung.runner.exams.machines import ExamMachines

    if sitting.phase not in ("running", "over"):
        return sitting
    if not sitting.stands_still:  # after that nobody has to serve it
        beat(sitting.id)
    sitting = sitting.again()
    if sitting.phase == "running":
        supervisor.launch(sitting.id)
    elif not sitting.stands_still:
        supervisor.paused(ExamMachines(sitting.id, common.attempts()))
    return sitting.again()


def chosen(exam: str | None) -> ExamSession:
    """The exam that is meant, looked after. Raises UsageError."""
    from rung.runner.exams.session import ExamSession

    return ensure_served(ExamSession.find(exam))


def listed(*, as_json: bool) -> None:
    """Print which exams there are and which were taken."""
    from rung.runner.core.errors import LabFileError
    from rung.runner.exams import loader
    from rung.runner.exams.session import ExamSession
    from rung.runner.render.exams import exams_page
    from rung.runner.render.page import show

    exams = []
    for path in loader.paths():
        try:
            exams.append(loader.load(path))
        except LabFileError as error:
            click.echo(str(error), err=True)
    sittings = ExamSession.all()
    if not as_json:
        show(exams_page(exams, sittings))
        return
    import json

    found = {
        "exams": [
            {"name": e.name, "path": str(e.path), **e.model_dump(mode="json", exclude={"labs", "draw"})} for e in exams
        ],
        "sittings": [_sitting_data(s) for s in sittings],
    }
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _sitting_data(sitting: ExamSession) -> dict[str, Any]:
    return {
        "exam": sitting.id,
        "name": sitting.paper.name,
        "mode": sitting.mode,
        "seed": sitting.paper.seed,
        "digest": sitting.paper.digest,
        "state": sitting.phase,
        "deadline": sitting.deadline if sitting.phase == "running" else None,
        "seconds_left": None if sitting.left is None else int(max(0, sitting.left)),
    }


def states(sitting: ExamSession) -> dict[int, str]:
    """Question -> how its machines are, for those that were made; nothing where no engine answers."""
    from rung.runner.core.errors import EngineGone
    from rung.runner.exams.machines import ExamMachines

    made = sitting.numbers("prepared")
    try:
        found = ExamMachines(sitting.id, common.attempts()).found() if sitting.phase != "ended" else {}
    except EngineGone as error:
        click.echo(str(error).partition("\n")[0].removesuffix(" Tried:"), err=True)
        return dict.fromkeys(made, "unknown")
    return dict.fromkeys(made, "gone") | {number: _STATES[a.state] for number, a in found.items()}


def status(exam: str | None, *, as_json: bool) -> None:
    """Print how an exam stands."""
    from rung.runner.render.exams import status_page
    from rung.runner.render.page import show

    sitting = chosen(exam)
    found = states(sitting)
    if not as_json:
        show(status_page(sitting, found))
        return
    import json

    flags, notes, opened = sitting.flags, sitting.notes, sitting.numbers("opened")
    questions = [
        {
            "number": q.number,
            "points": q.points,
            "title": q.title,
            "attempt": q.attempt,
            "machines": found.get(q.number, "not made yet"),
            "opened": q.number in opened,
            "seconds": round(sitting.seconds_on(q.number)),
            "flagged": q.number in flags,
            "note": notes.get(q.number, ""),
        }
        for q in sitting.paper.questions
    ]
    click.echo(json.dumps({**_sitting_data(sitting), "questions": questions}, indent=2, ensure_ascii=False))


def tasks(exam: str | None, number: int | None) -> None:
    """Print what a question asks, or every question. Raises UsageError before the clock runs."""
    from rung.runner.core.errors import UsageError
    from rung.runner.render.page import show

    sitting = chosen(exam)
    if sitting.phase == "drawn" and sitting.mode == "exam":
        raise UsageError(f"The clock of {sitting.paper.name} does not run yet.", fix="`rung exam start` goes on.")
    numbers = [number] if number is not None else [q.number for q in sitting.paper.questions]
    for each in numbers:
        show(page_of(sitting, sitting.paper.question(each)))
        if each != numbers[-1]:
            click.echo()


def page_of(sitting: ExamSession, question: ExamQuestion, lab: Lab | None = None) -> Page:
    """What a question asks, as a page."""
    from rung.runner.exams.machines import lab_of
    from rung.runner.grading.grade import bound_checks
    from rung.runner.render.exams import question_page

    lab = lab or lab_of(sitting, question)
    points: dict[str, int] = {}
    for check in bound_checks(lab, {}):
        points[check.task] = points.get(check.task, 0) + (0 if check.holds else check.points)
    return question_page(sitting, question, lab, points)


def flagged(exam: str | None, number: int, *, on: bool) -> None:
    """Put a flag on a question, or take it away."""
    sitting = chosen(exam)
    _working(sitting).append("flagged", question=sitting.paper.question(number).number, on=on)
    click.echo(f"question {number}: {'flagged' if on else 'no flag'}", err=True)


def noted(exam: str | None, number: int, text: str | None) -> None:
    """Write a note on a question, or print the one that it has."""
    sitting = chosen(exam)
    question = sitting.paper.question(number)
    if text is None:
        click.echo(sitting.notes.get(number, ""))
        return
    _working(sitting).append("noted", question=question.number, text=text)
    click.echo(f"question {number}: noted", file=sys.stderr)


def _working(sitting: ExamSession) -> ExamSession:
    """The exam, while it is worked on. Raises UsageError once it is submitted."""
    from rung.runner.core.errors import UsageError

    if sitting.phase not in ("drawn", "running", "over"):
        raise UsageError(
            f"{sitting.paper.name} (exam {sitting.id}) is submitted: flags and notes stay as they are.",
            fix="`rung exam report` shows them.",
        )
    return sitting
