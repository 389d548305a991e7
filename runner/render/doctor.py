"""The page of `rung doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rung.runner.render.page import Page

if TYPE_CHECKING:
    from rung.runner.doctor.findings import DoctorFinding

_MARKS = {"ok": ("✓", "passed"), "warn": ("!", "warning"), "bad": ("✗", "failed")}


def _mark(finding: DoctorFinding) -> tuple[str, str]:
    """A dash for a missing capability, which needs no repair; otherwise the mark of the finding's state."""
    missing = finding.name.startswith("capability") and finding.fact == "no"
    return ("-", "dim") if missing else _MARKS[finding.state]


def doctor_page(findings: Sequence[DoctorFinding]) -> Page:
    """Each finding with its consequence and advice, then whether labs can run."""
    page = Page()
    for finding in findings:
        page.line((finding.name, "strong"), f": {finding.fact}", mark=_mark(finding))
        if finding.why:
            page.line((finding.why, "dim"), indent=4)
        if finding.fix:
            page.line("What to do: ", finding.fix, indent=4)
    if any(f.state == "bad" for f in findings):
        return page.line().line(("Labs cannot run here yet.", "failed"))
    return page.line().line(("Labs can run here.", "passed"))
