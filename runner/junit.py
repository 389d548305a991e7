"""A report as JUnit XML, which CI systems show: one suite for each task, one case for each check."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from rung.checks.outcome import Outcome

if TYPE_CHECKING:
    from rung.runner.report import CheckReport, Report, TaskReport

# XML 1.0 has no place for these, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """The document: failed checks are failures, blocked ones skipped, broken ones errors."""
    root = ET.Element("testsuites", _counts([c for t in report.tasks for c in t.checks]) | {"name": report.lab})
    for task in report.tasks:
        root.append(_suite(report, task))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(report: Report, task: TaskReport) -> ET.Element:
    suite = ET.Element("testsuite", _counts(task.checks) | {"name": f"{report.lab}.{task.id}"})
    properties = ET.SubElement(suite, "properties")
    for name in ("attempt", "seed"):
        ET.SubElement(properties, "property", {"name": name, "value": str(getattr(report, name))})
    for name in ("score", "points"):
        ET.SubElement(properties, "property", {"name": name, "value": str(getattr(task, name))})
    suite.extend(_case(report, task, check) for check in task.checks)
    return suite


def _case(report: Report, task: TaskReport, check: CheckReport) -> ET.Element:
    name = _text(f"{check.id}: {check.title}")
    case = ET.Element("testcase", {"classname": f"{report.lab}.{task.id}", "name": name})
    reasons = _text("\n".join(check.reasons))
    if check.outcome is Outcome.FAILED:
        ET.SubElement(case, "failure", {"message": reasons.split("\n")[0]}).text = reasons
    elif check.outcome is Outcome.BLOCKED:
        ET.SubElement(case, "skipped", {"message": "blocked: a task it needs has not passed"})
    elif check.outcome is Outcome.BROKEN:
        ET.SubElement(case, "error", {"message": _text(check.error or "Rung could not ask")})
    return case


def _counts(checks: list[CheckReport]) -> dict[str, str]:
    outcomes = [c.outcome for c in checks]
    return {
        "tests": str(len(checks)),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "errors": str(outcomes.count(Outcome.BROKEN)),
        "skipped": str(outcomes.count(Outcome.BLOCKED)),
    }


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
