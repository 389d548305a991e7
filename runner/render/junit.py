"""Reports as JUnit XML for CI systems: one suite for each task, one case for each check."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from rung.checks.core.outcome import Outcome
from rung.runner.grading.report import CheckReport, Report, TaskReport

if TYPE_CHECKING:
    from rung.runner.exams.result_format import ExamReportJson, QuestionJson
    from rung.runner.grading.report import CheckJson

# XML 1.0 excludes these characters, even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """The document: failed checks are failures, blocked ones are skipped, broken ones are errors."""
    root = ET.Element("testsuites", _counts([c for t in report.tasks for c in t.checks]) | {"name": report.lab})
    for task in report.tasks:
        root.append(_suite(report, task))
    return _document(root)


def exam_junit(exam: ExamReportJson) -> str:
    """An exam's result: one suite for each task of each question, with a name such as `3.links.current`; properties
    of the whole exam are in the first suite."""
    found = [(question, report_of(question)) for question in exam["questions"]]
    checks = [check for _, report in found for task in report.tasks for check in task.checks]
    ungraded = [question for question, _ in found if question["error"]]
    root = ET.Element("testsuites", _counts(checks, ungraded=len(ungraded)) | {"name": exam["name"]})
    for question, report in found:
        if question["error"]:
            root.append(_ungraded(question, report))
            continue
        root.extend(_suite(report, task, f"{question['number']}.{report.lab}") for task in report.tasks)
    properties = ET.Element("properties")
    ET.SubElement(properties, "property", {"name": "exam.rung", "value": exam["versions"]["rung"]})
    for key in ("exam", "track", "candidate", "mode", "seed", "digest", "content", "score", "points", "pass_mark",
                "passed", "late_minutes"):  # fmt: skip
        ET.SubElement(
            properties, "property", {"name": f"exam.{key}" if key != "exam" else "exam", "value": _text(str(exam[key]))}
        )
    if len(root):
        root[0][0].extend(properties)
    return _document(root)


def report_of(question: QuestionJson) -> Report:
    """The report that a question's result was made from."""
    tasks = [
        TaskReport(task["id"], task["text"], [_check_of(check) for check in task["checks"]])
        for task in question["tasks"]
    ]
    return Report(question["lab"], question["attempt"], question["seed"], tasks, list(question["restarted"]))


def _check_of(data: CheckJson) -> CheckReport:
    live = data.get("live")
    return CheckReport(
        id=data["id"],
        title=data["title"],
        machine=data["machine"],
        outcome=Outcome(data["outcome"]),
        points=data["points"],
        holds=data["holds"],
        when=data["when"],
        reasons=list(data["reasons"]),
        hint=data["hint"],
        error=data["error"],
        live=Outcome(live["outcome"]) if live else None,
        live_reasons=list(live["reasons"]) if live else [],
    )


def _document(root: ET.Element) -> str:
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _ungraded(question: QuestionJson, report: Report) -> ET.Element:
    """The suite of a question that could not be graded, with one error."""
    suite_name = f"{question['number']}.{report.lab}"
    suite = ET.Element("testsuite", _counts([], ungraded=1) | {"name": suite_name})
    properties = ET.SubElement(suite, "properties")
    for name in ("attempt", "seed"):
        ET.SubElement(properties, "property", {"name": name, "value": str(getattr(report, name))})
    case = ET.SubElement(suite, "testcase", {"classname": suite_name, "name": _text(question["title"])})
    ET.SubElement(case, "error", {"message": _text(question["error"] or "")})
    return suite


def _suite(report: Report, task: TaskReport, prefix: str | None = None) -> ET.Element:
    suite_name = f"{prefix or report.lab}.{task.id}"
    suite = ET.Element("testsuite", _counts(task.checks) | {"name": suite_name})
    properties = ET.SubElement(suite, "properties")
    for name in ("attempt", "seed"):
        ET.SubElement(properties, "property", {"name": name, "value": str(getattr(report, name))})
    for name in ("score", "points"):
        ET.SubElement(properties, "property", {"name": name, "value": str(getattr(task, name))})
    suite.extend(_case(suite_name, check) for check in task.checks)
    return suite


def _case(suite_name: str, check: CheckReport) -> ET.Element:
    name = _text(f"{check.id}: {check.title}")
    case = ET.Element("testcase", {"classname": suite_name, "name": name})
    reasons = _text("\n".join(check.reasons))
    if check.outcome is Outcome.FAILED:
        ET.SubElement(case, "failure", {"message": reasons.split("\n")[0]}).text = reasons
    elif check.outcome is Outcome.BLOCKED:
        ET.SubElement(case, "skipped", {"message": "blocked: a task it needs has not passed"})
    elif check.outcome is Outcome.BROKEN:
        ET.SubElement(case, "error", {"message": _text(check.error or "Rung could not ask")})
    return case


def _counts(checks: list[CheckReport], *, ungraded: int = 0) -> dict[str, str]:
    outcomes = [c.outcome for c in checks]
    return {
        "tests": str(len(checks) + ungraded),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "errors": str(outcomes.count(Outcome.BROKEN) + ungraded),
        "skipped": str(outcomes.count(Outcome.BLOCKED)),
    }


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
