"""The pages of `rung exam list`, `rung exam status` and an exam's question."""

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
_LONGEST = 40  # characters of a note in the table of questions


def exams_page(exams: Sequence[Exam], sessions: Sequence[ExamSession]) -> Page:
    """The available exams, then the taken ones."""
    page = Page()
    rows: list[tuple[Piece, ...]] = [
        ((exam.name, "command"), exam.title, exam.track, str(_questions(exam)), f"{exam.minutes} min",
         f"{exam.pass_mark} of {exam.points}")
        for exam in exams
    ]  # fmt: skip
    page.table(("EXAM", "TITLE", "TRACK", "QUESTIONS", "TIME", "PASSES WITH"), rows).line()
    page.line(("rung exam start EXAM", "command"), (" starts one. A question is a lab with all its tasks.", "dim"))
    if sessions:
        page.line()
        page.table(
            ("ID", "EXAM", "STARTED (UTC)", "MODE", "STATE", "SCORE"), [_session_row(session) for session in sessions]
        )
    return page


def _questions(exam: Exam) -> int:
    return exam.draw.questions if exam.draw is not None else len(exam.labs)


def _session_row(session: ExamSession) -> tuple[Piece, ...]:
    graded = next((e for e in session.events if e["event"] == "graded"), None)
    score: Piece = ""
    if graded is not None:
        words = f"{format_points(graded['score'])} of {format_points(graded['points'])}"
        score = (words + (", passed" if graded["passed"] else ""), "passed" if graded["passed"] else "")
    started = str(session.events[0]["at"])[:16].replace("T", " ")
    return (session.id, session.paper.name, started, session.mode, _PHASES[session.phase], score)


def format_points(points: float) -> str:
    """Points without trailing zeros: `12`, `12.5`, `66.66`."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def time_left(session: ExamSession) -> str:
    """The remaining time, as the beginning of a sentence."""
    if session.left is None:
        return "No clock runs"
    if session.left <= 0:
        return "Time is up"
    return f"{left_in_words(session.left)} left"


def status_page(session: ExamSession, states: Mapping[int, str]) -> Page:
    """An exam's time, and its questions with their points; `states` are those of their machines, by number."""
    page = Page().line((session.paper.title, "title"), (f"  {session.paper.name}, seed {session.paper.seed}", "dim"))
    page.line(*_standing(session)).line()
    flags, notes, opened = session.flags, session.notes, set(session.numbers("opened"))
    rows: list[tuple[Piece, ...]] = []
    for question in session.paper.questions:
        number = question.number
        state = states.get(number, "not made yet")
        state = "opened" if number in opened and state == "ready" else state
        seconds = session.seconds_on(number)
        spent = duration(seconds) if seconds >= 1 else ""
        flag: Piece = ("⚑", "warning") if number in flags else ""
        note = notes.get(number, "")
        short = note if len(note) <= _LONGEST else f"{note[: _LONGEST - 1]}…"
        machines: Piece = (state, _STYLES.get(state, ""))
        rows.append((str(number), str(question.points), question.title, machines, spent, flag, short))
    page.table(("", "POINTS", "QUESTION", "MACHINES", "SPENT", "FLAG", "NOTE"), rows).line()
    for line in _advice(session):
        page.line(*line)
    return page


_STYLES = {"opened": "passed", "not made yet": "dim", "gone": "failed", "incomplete": "failed"}


def _standing(session: ExamSession) -> tuple[Piece, ...]:
    mark = f"passes with {session.paper.pass_mark} of {session.paper.points} points"
    if session.phase in ("running", "over"):
        style = "failed" if session.phase == "over" else "strong"
        return ((time_left(session), style), f"; {count(len(session.paper.questions), 'question')}, {mark}.")
    return (f"{_PHASES[session.phase].capitalize()}; {count(len(session.paper.questions), 'question')}, {mark}.",)


def _advice(session: ExamSession) -> list[tuple[Piece, ...]]:
    phase = session.phase
    if phase == "running":
        lines: list[tuple[Piece, ...]] = [
            (("rung exam shell N", "command"), " opens a question, ", ("rung exam flag N", "command"),
             " marks it to come back to, ", ("rung exam submit", "command"), " ends the exam.")
        ]  # fmt: skip
    elif phase == "over":
        lines = [("Its machines are paused. ", ("rung exam submit", "command"), " grades them as they are.")]
    elif phase == "submitted":
        lines = [
            ("It was submitted, but its grading was interrupted. ", ("rung exam submit", "command"), " continues it.")
        ]
    elif phase == "drawn":
        lines = [(("rung exam start", "command"), " continues: the clock does not run yet.")]
    elif phase == "graded":
        lines = [
            (("rung exam report", "command"), " shows the result, ", ("rung exam review N", "command"),
             " a question with expected and found values, ", ("rung exam stop", "command"), " removes the machines.")
        ]  # fmt: skip
    else:
        lines = [("Its machines were removed.",)]
    if phase in ("running", "over") and (seconds := sum(e["seconds"] for e in session.grantable)):
        lines.append(
            (f"{duration(seconds)} were lost while Rung, the engine or the computer was down. ",
             ("rung exam start --grant", "command"), " gives them back, and the report says so.")
        )  # fmt: skip
    return lines


def question_page(session: ExamSession, question: ExamQuestion, lab: Lab, points: Mapping[str, int]) -> Page:
    """The tasks of a question, its points, and where to work; `points` are those of each task in the lab, by id."""
    paper = session.paper
    domain = paper.domains.get(question.domain, "")
    page = Page().line(
        (f"Question {question.number} of {len(paper.questions)}", "title"), f"  {count(question.points, 'point')}",
        (f"  {domain}" if domain else "", "dim"), (f"  {time_left(session)}" if session.minutes else "", "strong"),
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
    if lab.docs and session.mode == "practice":
        page.line(("Worth reading: ", "dim"), ", ".join(lab.docs))
    return page


def _where(question: ExamQuestion, lab: Lab) -> tuple[Piece, ...]:
    """The machine to work on, and the command that opens a shell there."""
    shell = f"rung exam shell {question.number}"
    names = [machine.name for machine in lab.machines if machine.shell]
    others = f" ({', '.join(names[1:])} as well: " if len(names) > 1 else ""
    more: tuple[Piece, ...] = (others, (f"{shell} {names[1]}", "command"), ")") if others else ()
    nodes = ", ".join(lab.cluster.nodes) if lab.cluster is not None and lab.cluster.scope == "cluster" else ""
    by_ssh = f"; from there ssh leads to {nodes}" if nodes else ""
    return ("Work on ", (names[0], "strong"), ": ", (shell, "command"), *more, f"{by_ssh}.")
