"""A lab before anybody does it: the learner's page, the drawn values, the hints, what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rung.runner.render.page import Page, Piece, count
from rung.runner.render.tasks import tasks_page

if TYPE_CHECKING:
    from rung.runner.authoring.preview import Preview, PreviewedCheck


def preview_page(preview: Preview) -> Page:
    """The tasks with their points, then what only an author sees."""
    page = tasks_page(preview.lab, points_by_task(preview))
    page.line().line((f"Drawn by seed {preview.lab.seed}", "strong"))
    for name, value in preview.values.items():
        page.line(f"{name}: {value}", indent=2)
    if not preview.values:
        page.line("nothing: this lab is the same for everyone", indent=2)
    page.line().line(("Asked", "strong"), (f"  {count(preview.points, 'point')}", "dim"))
    return page.table(("CHECK", "POINTS", "ON", "WHAT MUST HOLD"), [_row(asked) for asked in preview.asked])


def points_by_task(preview: Preview) -> dict[str, int]:
    """Task -> its points."""
    found: dict[str, int] = {}
    for asked in preview.asked:
        task = asked.id.split(".")[0]
        found[task] = found.get(task, 0) + (0 if asked.holds else asked.points)
    return found


def _row(asked: PreviewedCheck) -> tuple[Piece, ...]:
    points = "guard" if asked.holds else str(asked.points)
    return ((asked.id, "command"), points, asked.machine, asked.sentence)
