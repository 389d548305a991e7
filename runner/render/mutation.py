"""The pages of `rung author mutate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rung.runner.render.page import Page, count, duration

if TYPE_CHECKING:
    from rung.runner.authoring.mutation.lab_mutation import Counts, LabMutation
    from rung.runner.authoring.mutation.trial import Tried

_FINE, _WRONG, _SKIPPED = ("✓", "passed"), ("✗", "failed"), ("-", "warning")


def mutation_page(result: LabMutation) -> Page:
    """One lab: what became of its mutants, and each undeclared survivor with its change."""
    page = Page()
    name = (result.lab, "strong")
    if result.skipped:
        return page.line(name, f" cannot be tried here: {result.skipped}", mark=_SKIPPED)
    if result.why:
        page.line(name, "  its mutants were not tried", mark=_WRONG)
        for why in result.why:
            page.line(why, indent=6)
        return page
    page.line(
        name, (f"  {counted(result.counts)}, {duration(result.seconds)}", "dim"), mark=_FINE if result.ok else _WRONG
    )
    for hole in result.holes:
        _hole(page, hole)
    for tried in result.killed_all_the_same:
        page.line(f"{tried.mutant.id} is declared in mutants.yaml and does not survive: remove it.", indent=2)
    return page


def _hole(page: Page, tried: Tried) -> None:
    mutant = tried.mutant
    page.line((mutant.id, "failed"), f"  {mutant}", indent=2, mark=_WRONG)
    for why in tried.why:
        page.line((f"earns all points, though {why}", "dim"), indent=6)
    for line in mutant.diff.splitlines():
        page.line((line, "dim"), indent=6)
    if tried.kept:
        page.line(("kept: ", "dim"), (f"rung shell --attempt {tried.kept}", "command"), indent=6)


def counted(counts: Counts) -> str:
    """`48 mutants: 45 killed (1 too late, 2 broke the machine), 3 declared, 1 survived; 12 left out`."""
    apart = [f"{counts.late} too late"] if counts.late else []
    apart += [f"{counts.broken} broke the machine"] if counts.broken else []
    among = f" ({', '.join(apart)})" if apart else ""
    parts = [f"{counts.killed} killed{among}"]
    parts += [f"{counts.declared} declared"] if counts.declared else []
    holes = counts.tried - counts.killed - counts.declared
    parts += [f"{holes} survived"] if holes else []
    left = f"; {counts.left_out} left out" if counts.left_out else ""
    return f"{count(counts.tried, 'mutant')}: {', '.join(parts)}{left}"


def mutations_summary(results: Sequence[LabMutation]) -> Page:
    """How many labs have no hole, and what to do about the others."""
    fine, skipped = sum(r.ok for r in results), sum(r.skipped is not None for r in results)
    text = f"{fine} of {count(len(results), 'lab')} without a hole"
    style = "passed" if fine + skipped == len(results) else "failed"
    page = Page().line((text, style), (f", {skipped} cannot be tried here" if skipped else "", "dim"))
    if any(result.holes for result in results):
        page.line("Each survivor is a hole in the grader: sharpen a check, or declare it in the lab's mutants.yaml.")
    return page
