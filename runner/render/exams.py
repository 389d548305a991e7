"""Exams as a candidate meets them: which there are, how one stands, what a question asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rung.runner.exams.clock import left_in_words
from rung.runner.render.page import Page, Piece, count, duration
from rung.runner.render.tasks import task_lines

if TYPE_CHECKING:
    from rung.runner.exams.definition import Exam
    from rung.runner.exams.paper import ExamQuestion
    from rung.runner.exams.session import ExamSession
    from rung.runner.lab.model import Lab

_PHASES = {
    "drawn": "not begun",
    "running": "running",
    "over": "time is up",
    "submitted": "being graded",
    "graded": "graded",
    "ended": "ended",
}
_LONGEST = 40  # characters of a note that the table of questions shows


def exams_page(exams: Sequence[Exam], sittings: Sequence[ExamSession]) -> Page:
    """The exams that there are, then those that were taken."""
    page = Page()
    rows: list[tuple[Piece, ...]] = [
        ((exam.name, "command"), exam.title, exam.track, str(_questions(exam)), f"{exam.minutes} min",
         f"{exam.pass_mark} of {exam.points}")
        for exam in exams
    ]  # fmt: skip
    page.table(("EXAM", "TITLE", "TRACK", "QUESTIONS", "TIME", "PASSES WITH"), rows).line()
    page.line(("rung exam start EXAM", "command"), (" begins one. A question is a lab, all its tasks.", "dim"))
    if sittings:
        page.line()
        page.table(("ID", "EXAM", "BEGUN (UTC)", "MODE", "STATE", "SCORE"), [_sitting_row(s) for s in sittings])
    return page


def _questions(exam: Exam) -> int:
    return exam.draw.questions if exam.draw is not None else len(exam.labs)


def _sitting_row(sitting: ExamSession) -> tuple[Piece, ...]:
    graded = next((e for e in sitting.events if e["event"] == "graded"), None)
    score: Piece = ""
    if graded is not None:
        words = f"{format_points(graded['score'])} of {format_points(graded['points'])}"
        score = (words + (", passed" if graded["passed"] else ""), "passed" if graded["passed"] else "")
    begun = str(sitting.events[0]["at"])[:16].replace("T", " ")
    return (sitting.id, sitting.paper.name, begun, sitting.mode, _PHASES[sitting.phase], score)


def format_points(points: float) -> str:
    """`12`, `12.5`, `66.66`: as few digits as say it."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def time_left(sitting: ExamSession) -> str:
    """How much time there is, as a sentence's beginning."""
    if sitting.left is None:
        return "No clock runs"
    if sitting.left <= 0:
        return "Time is up"
    return f"{left_in_words(sitting.left)} left"


def status_page(sitting: ExamSession, states: Mapping[int, str]) -> Page:
    """How an exam stands: the time, and each question with what it is worth; `states` tells how its machines are."""
    page = Page().line((sitting.paper.title, "title"), (f"  {sitting.paper.name}, seed {sitting.paper.seed}", "dim"))
    page.line(*_standing(sitting)).line()
    flags, notes, opened = sitting.flags, sitting.notes, set(sitting.numbers("opened"))
    rows: list[tuple[Piece, ...]] = []
    for question in sitting.paper.questions:
        number = question.number
        state = states.get(number, "not made yet")
        told = "opened" if number in opened and state == "ready" else state
        seconds = sitting.seconds_on(number)
        spent = duration(seconds) if seconds >= 1 else ""
        flag: Piece = ("⚑", "warning") if number in flags else ""
        note = notes.get(number, "")
        short = note if len(note) <= _LONGEST else f"{note[: _LONGEST - 1]}…"
        machines: Piece = (told, _STYLES.get(told, ""))
        rows.append((str(number), str(question.points), question.title, machines, spent, flag, short))
    page.table(("", "POINTS", "QUESTION", "MACHINES", "SPENT", "FLAG", "NOTE"), rows).line()
    for line in _advice(sitting):
        page.line(*line)
    return page


_STYLES = {"opened": "passed", "not made yet": "dim", "gone": "failed", "cut short": "failed"}


def _standing(sitting: ExamSession) -> tuple[Piece, ...]:
    mark = f"passes with {sitting.paper.pass_mark} of {sitting.paper.points} points"
    if sitting.phase in ("running", "over"):
        style = "failed" if sitting.phase == "over" else "strong"
        return ((time_left(sitting), style), f"; {count(len(sitting.paper.questions), 'question')}, {mark}.")
    return (f"{_PHASES[sitting.phase].capitalize()}; {count(len(sitting.paper.questions), 'question')}, {mark}.",)


def _advice(sitting: ExamSession) -> list[tuple[Piece, ...]]:
    phase = sitting.phase
    if phase == "running":
        lines: list[tuple[Piece, ...]] = [
            (("rung exam shell N", "command"), " opens a question, ", ("rung exam flag N", "command"),
             " marks it to come back to, ", ("rung exam submit", "command"), " ends the exam.")
        ]  # fmt: skip
    elif phase == "over":
        lines = [("Its machines stand still. ", ("rung exam submit", "command"), " has them graded as they are.")]
    elif phase == "submitted":
        lines = [("It was submitted, and its grading cut short. ", ("rung exam submit", "command"), " goes on.")]
    elif phase == "drawn":
        lines = [(("rung exam start", "command"), " goes on: the clock does not run yet.")]
    elif phase == "graded":
        lines = [
            (("rung exam report", "command"), " shows the result, ", ("rung exam review N", "command"),
             " a question with what was found, ", ("rung exam stop", "command"), " removes the machines.")
        ]  # fmt: skip
    else:
        lines = [("Its machines were removed.",)]
    if phase in ("running", "over") and (lost := sum(e["seconds"] for e in sitting.grantable)):
        lines.append(
            (f"{duration(lost)} were lost while Rung, the engine or the computer was down. ",
             ("rung exam start --grant", "command"), " gives them back, and the report says so.")
        )  # fmt: skip
    return lines


def question_page(sitting: ExamSession, question: ExamQuestion, lab: Lab, points: Mapping[str, int]) -> Page:
    """What a question asks, what it is worth, and where it is done; `points` gives each task's in the lab."""
    paper = sitting.paper
    domain = paper.domains.get(question.domain, "")
    page = Page().line(
        (f"Question {question.number} of {len(paper.questions)}", "title"), f"  {count(question.points, 'point')}",
        (f"  {domain}" if domain else "", "dim"), (f"  {time_left(sitting)}" if sitting.minutes else "", "strong"),
    )  # fmt: skip
    page.line(*_where(question, lab)).line()
    if lab.intro:
        page.markdown(lab.intro).line()
    for number, task in enumerate(lab.tasks, 1):
        task_lines(page, number, task, points.get(task.id, 0), several=len(lab.hosts) > 1)
    if names := lab.rebooted():
        page.line(
            f"It must last: before it is graded, {' and '.join(names)} {'is' if len(names) == 1 else 'are'} restarted."
        )
    if lab.docs and sitting.mode == "practice":
        page.line(("Worth reading: ", "dim"), ", ".join(lab.docs))
    return page


def _where(question: ExamQuestion, lab: Lab) -> tuple[Piece, ...]:
    """On which host to work, and how to get there."""
    shell = f"rung exam shell {question.number}"
    names = [machine.name for machine in lab.machines if machine.shell]
    others = f" ({', '.join(names[1:])} as well: " if len(names) > 1 else ""
    more: tuple[Piece, ...] = (others, (f"{shell} {names[1]}", "command"), ")") if others else ()
    nodes = ", ".join(lab.cluster.nodes) if lab.cluster is not None and lab.cluster.scope == "cluster" else ""
    by_ssh = f"; from there ssh leads to {nodes}" if nodes else ""
    return ("Work on ", (names[0], "strong"), ": ", (shell, "command"), *more, f"{by_ssh}.")
