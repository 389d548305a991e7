"""Exam results as CSV for a gradebook: one row for each taken exam."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rung.runner.exams.result_format import ExamReportJson

_HEAD = (
    "exam", "name", "track", "candidate", "mode", "seed", "digest", "content", "rung", "started", "submitted",
    "minutes", "granted_minutes", "late_minutes", "score", "points", "percent", "pass_mark", "passed", "taken_out",
)  # fmt: skip
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet reads a cell that starts so as a formula
_NUMBER = re.compile(r"[0-9]+(e[0-9]+)?", re.IGNORECASE)


def csv_table(reports: Sequence[ExamReportJson]) -> str:
    """The table: the exam's data and score, then a column with the points of each domain and of each question.

    The cell of a domain or question that an exam lacks is empty.
    """
    domains = list(dict.fromkeys(domain["id"] for report in reports for domain in report["domains"]))
    most = max((len(report["questions"]) for report in reports), default=0)
    numbers = list(range(1, most + 1))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_HEAD, *(domain or "beyond" for domain in domains), *(f"q{number}" for number in numbers)])
    for report in reports:
        of_domain = {domain["id"]: domain["score"] for domain in report["domains"]}
        of_question = {question["number"]: question["score"] for question in report["questions"]}
        cells = [_cell(report, key) for key in _HEAD]
        cells += [of_domain.get(domain, "") for domain in domains]
        writer.writerow([*cells, *(of_question.get(number, "") for number in numbers)])
    return out.getvalue()


def _cell(report: ExamReportJson, key: str) -> Any:
    if key == "percent":
        return f"{100 * report['score'] / report['points']:.1f}" if report["points"] else ""
    value: Any = report["versions"]["rung"] if key == "rung" else report[key]  # type: ignore[literal-required]
    if isinstance(value, bool):
        return "yes" if value else "no"
    # A spreadsheet would read `1234e567` as a number and save a different text.
    if key in ("exam", "digest", "content") and _NUMBER.fullmatch(str(value)):
        return f"'{value}"
    # The candidate types the name: it must not become a formula in the teacher's spreadsheet.
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
