"""The page of `rung author preview`: the learner's page, the drawn values and the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rung.runner.render.page import Page, Piece, count
from rung.runner.render.tasks import tasks_page

if TYPE_CHECKING:
    from rung.runner.authoring.preview import Preview, PreviewedCheck


def preview_page(preview: Preview) -> Page:
    """The tasks with their points, then the drawn values and the checks."""
    page = tasks_page(preview.lab, points_by_task(preview))
    page.line().line((f"Drawn by seed {preview.lab.seed}", "strong"))
    for name, value in preview.values.items():
        page.line(f"{name}: {value}", indent=2)
    if not preview.values:
        page.line("nothing: this lab has no drawn values", indent=2)
    page.line().line(("Checks", "strong"), (f"  {count(preview.points, 'point')}", "dim"))
    return page.table(("CHECK", "POINTS", "ON", "WHAT MUST HOLD"), [_row(check) for check in preview.asked])


def points_by_task(preview: Preview) -> dict[str, int]:
    """Task id -> its points."""
    found: dict[str, int] = {}
    for check in preview.asked:
        task = check.id.split(".")[0]
        found[task] = found.get(task, 0) + (0 if check.holds else check.points)
    return found


def _row(check: PreviewedCheck) -> tuple[Piece, ...]:
    points = "guard" if check.holds else str(check.points)
    return ((check.id, "command"), points, check.machine, check.sentence)
