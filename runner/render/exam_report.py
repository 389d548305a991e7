"""The pages of `rung exam report` and `rung exam review`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rung.checks.core.outcome import Outcome
from rung.runner.render.exams import format_points
from rung.runner.render.page import Page, Piece, count, duration
from rung.runner.render.report import MARKS

if TYPE_CHECKING:
    from rung.runner.exams.result_format import ExamReportJson, QuestionJson
    from rung.runner.grading.report import CheckJson

_BAR = 20  # characters of a domain's bar
_WHY = {"computer": "The computer was off", "engine": "The engine did not answer", "rung": "No Rung process lived"}


def exam_report_page(report: ExamReportJson) -> Page:
    """The score against the pass mark, the domains, the questions, and what affects the result."""
    page = Page().line((report["title"], "title"), (f"  {report['name']}, seed {report['seed']}", "dim")).line()
    page.line(*verdict(report))
    for line in asides(report):
        page.line((line, "warning"))
    page.line().table(
        ("DOMAIN", "", "POINTS"), [_domain(d["name"], d["score"], d["points"]) for d in report["domains"]]
    )
    page.line().table(("", "POINTS", "QUESTION", "SPENT", "CHECKS"), [_question(q) for q in report["questions"]]).line()
    for remark in report["remarks"]:
        page.line((remark, "dim"))
    digests = f"questions {report['digest'][:12]}, content {report['content'][:12]}"
    page.line((f"Exam {report['exam']}, {digests}, Rung {report['versions']['rung']}.", "dim"))
    page.line(("rung exam review N", "command"), (" shows a question with what was expected and found. ", "dim"),
              ("rung exam report --format html", "command"), (" writes it as a web page.", "dim"))  # fmt: skip
    return page


def verdict(report: ExamReportJson) -> tuple[Piece, ...]:
    """The score in one line."""
    percent = f"{100 * report['score'] / report['points']:.1f} %" if report["points"] else "nothing could be asked"
    score = f"{format_points(report['score'])} of {format_points(report['points'])} points ({percent})"
    style = "passed" if report["passed"] else "failed"
    word = "passed" if report["passed"] else "not passed"
    return ((score, "strong"), "; it takes ", format_points(report["pass_mark"]), " to pass: ", (word, style), ".")


def asides(report: ExamReportJson) -> list[str]:
    """What affected the result, as sentences."""
    lines = []
    if report["mode"] == "practice":
        lines.append("It was a practice: checks and hints were not sealed.")
    if report["late_minutes"]:
        lines.append(
            f"The machines were paused {count(report['late_minutes'], 'minute')} late: the graded state is from then."
        )
    if report["granted_minutes"]:
        lines.append(f"{format_points(report['granted_minutes'])} minutes were given back for lost time.")
    for down in report["downs"]:
        why, granted = _WHY.get(down["why"], down["why"]), ", which was given back" if down["granted"] else ""
        lines.append(f"{why} for {duration(down['seconds'])}{granted}.")
    broken = [c for q in report["questions"] for t in q["tasks"] for c in t["checks"] if c["outcome"] == "broken"]
    if broken:
        lines.append(f"{count(len(broken), 'check')} could not be asked, which is not your doing.")
    lines += [f"Question {q['number']} could not be graded: {q['error']}" for q in report["questions"] if q["error"]]
    if report["taken_out"]:
        lines.append(
            f"{format_points(report['taken_out'])} points were taken out for that; the pass mark applies to the rest."
        )
    return lines


def _domain(name: str, score: float, points: float) -> tuple[Piece, ...]:
    full = round(_BAR * score / points) if points else 0
    return (name, ("█" * full + "░" * (_BAR - full), "dim"), f"{format_points(score)} of {format_points(points)}")


def _question(question: QuestionJson) -> tuple[Piece, ...]:
    checks = [check for task in question["tasks"] for check in task["checks"]]
    passed = sum(check["outcome"] == "passed" for check in checks)
    result = f"{passed} of {len(checks)} passed" if question["opened"] else "never opened"
    result = "could not be graded" if question["error"] else result
    spent = duration(question["seconds"]) if question["seconds"] else ""
    style = "passed" if question["points"] and question["score"] >= question["points"] else ""
    points = f"{format_points(question['score'])} of {format_points(question['points'])}"
    return (str(question["number"]), (points, style), question["title"], spent, result)


def review_page(report: ExamReportJson, question: QuestionJson) -> Page:
    """One question after the exam: its tasks, what was expected and found, and a solution."""
    worth = f"{format_points(question['score'])} of {format_points(question['points'])} points"
    page = Page().line((f"Question {question['number']}: {question['title']}", "title"), f"  {worth}",
                       (f"  {question['lab']}, seed {question['seed']}", "dim")).line()  # fmt: skip
    if question["intro"]:
        page.markdown(question["intro"]).line()
    if question["error"]:
        page.line((f"It could not be graded: {question['error']}", "warning")).line()
    for number, task in enumerate(question["tasks"], 1):
        page.line(
            (f"{number}. {task['id']}", "strong"), f"  {task['score']} of {count(task['points'], 'point')} of the lab"
        )
        page.markdown(task["text"], indent=3)
        for check in task["checks"]:
            _check(page, check)
        page.line()
    if question["note"]:
        page.line(("Your note: ", "dim"), question["note"]).line()
    if question["docs"]:
        page.line(("Worth reading: ", "dim"), ", ".join(question["docs"])).line()
    if question["solution"]:
        page.line(("One right way:", "dim"))
        for line in question["solution"].rstrip().splitlines():
            page.line(line, indent=4)
        page.line()
    again = f"rung exam review {question['number']} --again --exam {report['exam']}"
    return page.line((again, "command"), (" starts it on a fresh machine.", "dim"))


def _check(page: Page, check: CheckJson) -> None:
    aside = ["must stay so"] if check["holds"] else [count(check["points"], "point")]
    page.line(check["title"], (f"  [{', '.join([check['id'], *aside])}]", "dim"), indent=3,
              mark=MARKS[Outcome(check["outcome"])])  # fmt: skip
    for reason in check["reasons"]:
        page.line(reason, indent=7)
    if check["error"]:
        page.line(f"Rung could not ask: {check['error']}", indent=7)
    if check["outcome"] in ("failed", "blocked") and check["hint"]:
        page.line((check["hint"], "dim"), indent=7)
