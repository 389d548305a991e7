"""The result of an exam: one value, from which all result pages and files are made."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from rung.runner.core.errors import EnvironmentBroken, LabFileError, UsageError
from rung.runner.core.journal import EventJournal
from rung.runner.core.locks import file_lock
from rung.runner.exams import paths
from rung.runner.exams.clock import Moment, elapsed
from rung.runner.exams.machines import lab_of
from rung.runner.exams.paper import ExamQuestion, remarks
from rung.runner.exams.result_format import (
    DomainJson,
    DownJson,
    ExamReportJson,
    ExamTaskJson,
    QuestionJson,
    VersionsJson,
)
from rung.runner.exams.session import ExamSession
from rung.runner.images.build import names, tag
from rung.runner.lab.loader import environment

_SOON = 60.0  # seconds after the submission within which interrupted grading needs no remark


def graded(session: ExamSession) -> ExamReportJson:
    """The exam's result; the first call records it in the journal, later calls return the same.

    Every question must be graded or given up. Raises EnvironmentBroken, and UsageError as `result` does.
    """
    with file_lock(paths.lock(session.id, "grading"), wait=60.0) as acquired:
        session = session.again()
        if session.phase == "submitted":
            if not acquired:
                raise EnvironmentBroken("Another Rung process is grading this exam.", fix="Wait until it has ended.")
            _tell_solutions(session)
            session.append("graded", **report_of(session))
            session = session.again()
    return result(session)


def _tell_solutions(session: ExamSession) -> None:
    """Record in each attempt that its solution was shown, because the result holds it; later passes are no evidence."""
    for question in session.paper.questions:
        journal = EventJournal.of(question.attempt)
        if journal.last("starting") and not journal.last("solution"):
            journal.append("solution")


def result(session: ExamSession) -> ExamReportJson:
    """The recorded result. Raises UsageError where the exam has none yet."""
    found = next((e for e in session.events if e["event"] == "graded"), None)
    if found is None:
        how = "`rung exam submit` submits it" if session.phase != "ended" else "It was ended before it was submitted"
        raise UsageError(f"Exam {session.id} ({session.paper.name}) has no result.", fix=f"{how}.")
    return {key: found[key] for key in ExamReportJson.__annotations__}  # type: ignore[return-value]


def report_of(session: ExamSession) -> ExamReportJson:
    """The result of an exam whose questions are all graded."""
    marks = {int(e["question"]): e for e in session.events if e["event"] == "marked"}
    pairs = [(q, _shares(q, marks[q.number])) for q in session.paper.questions]
    score, points = (sum((pair[i] for _, pair in pairs), Fraction(0)) for i in (0, 1))
    whole = session.paper.points
    return {
        "exam": session.id,
        "name": session.paper.name,
        "title": session.paper.title,
        "track": session.paper.track,
        "candidate": session.candidate,
        "mode": session.mode,
        "seed": session.paper.seed,
        "digest": session.paper.digest,
        "content": session.paper.content,
        "versions": _versions(session.paper.questions),
        "started": _at(session, "started"),
        "submitted": _at(session, "submitted"),
        "minutes": session.minutes,
        "granted_minutes": round(session.granted / 60, 1),
        "late_minutes": math.ceil(session.late / 60),
        "in_time": session.late == 0,
        "score": _rounded(score),
        "points": _rounded(points),
        "pass_mark": _rounded(points * session.paper.pass_mark / whole),
        # Less than half of an exam cannot show that it was passed.
        "passed": points * 2 >= whole and score * whole >= points * session.paper.pass_mark,
        "taken_out": _rounded(whole - points),
        "domains": _domains(session, pairs),
        "questions": [_question(session, q, pair, marks[q.number]) for q, pair in pairs],
        "remarks": [*remarks(session.paper), *_end_remarks(session)],
        "downs": _downs(session),
    }


def _end_remarks(session: ExamSession) -> list[str]:
    """Remarks about the state that was graded, as sentences."""
    numbers = session.unpaused_questions
    sentences = [f"The machines of question {n} could not be stopped at the end of the time." for n in numbers]
    turns = [Moment.of_json(e["clock"]) for e in session.events if e["event"] == "grading"]
    given = next((Moment.of_json(e["clock"]) for e in session.events if e["event"] == "submitted"), None)
    if len(turns) > 1 and given is not None and (later := elapsed([given, turns[-1]])) >= _SOON:
        minutes = "1 minute" if round(later / 60) == 1 else f"{round(later / 60)} minutes"
        sentences.append(f"Grading was cut short, and went on {minutes} after the submission.")
    return sentences


def _shares(question: ExamQuestion, mark: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    """The exam points that a question earned, and those that it could earn without its broken checks."""
    report = mark.get("report")
    if report is None:
        return Fraction(0), Fraction(0)
    whole = sum(c["points"] for task in report["tasks"] for c in task["checks"] if not c["holds"])
    if not whole:
        return Fraction(0), Fraction(0)
    return Fraction(question.points * report["score"], whole), Fraction(question.points * report["points"], whole)


def _rounded(points: Fraction) -> float:
    """Rounded down to hundredths, so that no result shows a pass mark that was not reached."""
    return math.floor(points * 100) / 100


def _domains(session: ExamSession, pairs: Iterable[tuple[ExamQuestion, tuple[Fraction, Fraction]]]) -> list[DomainJson]:
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for question, (score, points) in pairs:
        before = sums.get(question.domain, (Fraction(0), Fraction(0)))
        sums[question.domain] = (before[0] + score, before[1] + points)
    names = session.paper.domains
    order = [*(domain for domain in names if domain in sums), *(domain for domain in sums if domain not in names)]
    return [
        {
            "id": d,
            "name": names.get(d, "Beyond this track"),
            "score": _rounded(sums[d][0]),
            "points": _rounded(sums[d][1]),
        }
        for d in order
    ]


def _question(
    session: ExamSession, question: ExamQuestion, pair: tuple[Fraction, Fraction], mark: Mapping[str, Any]
) -> QuestionJson:
    texts, values, intro, docs, solution = _of_lab(session, question)
    report = mark.get("report") or {"tasks": []}
    return {
        "number": question.number,
        "lab": question.lab,
        "title": question.title,
        "domain": question.domain,
        "difficulty": question.difficulty,
        "attempt": question.attempt,
        "seed": question.seed,
        "digest": question.digest,
        "values": values,
        "weight": question.points,
        "score": _rounded(pair[0]),
        "points": _rounded(pair[1]),
        "opened": question.number in session.numbers("opened"),
        "seconds": round(session.seconds_on(question.number)),
        "flagged": question.number in session.flags,
        "note": session.notes.get(question.number, ""),
        "error": mark.get("error"),
        "restarted": list(mark.get("restarted", [])),
        "intro": intro,
        "docs": docs,
        "solution": solution,
        "tasks": [_task(task, texts) for task in report["tasks"]],
    }


def _task(task: Mapping[str, Any], texts: Mapping[str, str]) -> ExamTaskJson:
    return {
        "id": task["id"],
        "text": texts.get(task["id"], ""),
        "score": task["score"],
        "points": task["points"],
        "checks": task["checks"],
    }


def _of_lab(session: ExamSession, question: ExamQuestion) -> tuple[dict[str, str], dict[str, Any], str, list[str], str]:
    """Task -> text, drawn values, intro, docs, solution: the result holds them, to be readable without the lab."""
    try:
        lab = lab_of(session, question)
    except (LabFileError, UsageError):
        return {}, {}, "", [], ""
    script = lab.folder / "solution.sh"
    solution = script.read_text("utf-8") if script.exists() else ""
    used = [f"# {name}={value}" for name, value in environment(lab).items() if name != "RUNG_SEED"]
    head = "\n".join(["# values that were drawn:", *used]) + "\n\n" if used and solution else ""
    return {task.id: task.text for task in lab.tasks}, lab.values, lab.intro, lab.docs, head + solution


def _downs(session: ExamSession) -> list[DownJson]:
    open_ones = {entry["since"] for entry in session.grantable}
    return [
        {"why": e["why"], "seconds": e["seconds"], "since": e["since"], "granted": e["since"] not in open_ones}
        for e in session.downs
    ]


def _versions(asked: Iterable[ExamQuestion]) -> VersionsJson:
    from importlib.metadata import version

    kinds = {question.where for question in asked}
    wanted = [n for n in names() if n.startswith("linux") or (n in ("node", "base") and "kubernetes" in kinds)]
    return {
        "rung": version("rung"),
        "python": platform.python_version(),
        "images": {name: tag(name) for name in wanted},
    }


def _at(session: ExamSession, event: str) -> str:
    return next((str(e["at"]) for e in session.events if e["event"] == event), "")
