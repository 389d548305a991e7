"""The page of `rung labs`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rung.runner.render.page import Page, Piece, count

if TYPE_CHECKING:
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.drivers.base.plan import Capabilities


def labs_data(entries: Sequence[LabSummary], passed: set[str]) -> list[dict[str, Any]]:
    """The labs for `--json`."""
    return [
        {
            "name": e.name,
            "title": e.title,
            "kind": e.kind,
            "difficulty": e.difficulty,
            "minutes": e.minutes,
            "machines": e.machines,
            "objectives": list(e.objectives),
            "skills": list(e.skills),
            "capabilities": list(e.capabilities),
            "pack": e.pack,
            "path": str(e.folder),
            "passed": e.name in passed,
        }
        for e in entries
    ]


def labs_page(entries: Sequence[LabSummary], passed: set[str], capabilities: Capabilities) -> Page:
    """A table of labs; marks show the passed ones and those that cannot run here."""
    page = Page()
    if not entries:
        return page.line("No lab matches. ", ("rung labs", "command"), " lists all.")
    lacking = _lacking(entries, capabilities)
    page.table(("", "LAB", "TITLE", "LEVEL", "TIME", "MACHINES"), [_row(e, passed, lacking) for e in entries])
    page.line().line((f"{count(len(entries), 'lab')}. ", "dim"), ("rung start LAB", "command"), (" starts one.", "dim"))
    missing = sorted({c for e in entries for c in lacking.get(e.name, ())})
    if missing:
        page.line((f"Labs marked - cannot run here; missing: {', '.join(missing)}. ", "dim"),
                  ("rung doctor", "command"), (" says why.", "dim"))  # fmt: skip
    return page


def _row(entry: LabSummary, passed: set[str], lacking: dict[str, list[str]]) -> tuple[Piece, ...]:
    mark: Piece = ("✓", "passed") if entry.name in passed else ("-", "warning") if entry.name in lacking else " "
    return (mark, (entry.name, "command"), entry.title, entry.difficulty, f"{entry.minutes} min", str(entry.machines))


def _lacking(entries: Sequence[LabSummary], capabilities: Capabilities) -> dict[str, list[str]]:
    """Lab -> required capabilities that this computer lacks."""
    cached = cache(capabilities)
    found = {e.name: [c for c in e.required if cached(e.need).get(c, "unknown") is not None] for e in entries}
    return {name: missing for name, missing in found.items() if missing}
