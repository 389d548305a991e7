"""Exams' results as CSV for a gradebook: one row for each exam that was taken."""

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
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet takes a cell for a formula
_NUMBER = re.compile(r"[0-9]+(e[0-9]+)?", re.IGNORECASE)


def csv_table(reports: Sequence[ExamReportJson]) -> str:
    """The table: what each exam was and its score, then a column for each domain and each question.

    A question's column has what it earned; one that an exam does not have is empty.
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
    # `1234e567` is a number to a spreadsheet, and would be another one when it is saved.
    if key in ("exam", "digest", "content") and _NUMBER.fullmatch(str(value)):
        return f"'{value}"
    # A name is typed by its candidate: it must not become a formula in the teacher's spreadsheet.
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
