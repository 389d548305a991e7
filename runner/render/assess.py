"""The pages of `rung assess`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rung.runner.learning.explain import skill_list
from rung.runner.render.next import lab_pieces
from rung.runner.render.page import Page, count

if TYPE_CHECKING:
    from rung.runner.learning.adaptive_test import AssessmentQuestion
    from rung.runner.learning.assessment import Assessment

_MARKS = {"shown": ("✓", "passed"), "not yet": ("-", "dim"), "open": (" ", "dim")}
_MAX_NEXT_SKILLS = 6  # that are named


def question_page(assessment: Assessment, chosen: AssessmentQuestion) -> Page:
    """The proposed lab, and what its result settles."""
    page = Page()
    if not assessment.asked:
        page.line((f"Where do you stand on {assessment.track.name}?", "title"))
        page.line(f"About {assessment.minutes} minutes, one lab at a time; each result decides which lab is next. "
                  "Only you see the results, and a failed lab tells as much as a passed one.").line()  # fmt: skip
    page.line("Next: ", *lab_pieces(chosen.lab))
    settles = f"Passed, it settles {count(chosen.if_shown, 'skill')}; failed, {chosen.if_not}."
    return page.line((f"{settles} Unknown so far: {len(assessment.knowledge.unknown)}.", "dim"))


def open_page(assessment: Assessment) -> Page:
    """How to continue with the open lab."""
    assert assessment.open is not None
    lab = assessment.open.lab
    page = Page().line("The open lab of your assessment is ", (lab, "command"), ".")
    page.line((f"rung start {lab}", "command"), " starts or continues it; it is passed when ",
              ("rung check", "command"), " passes.")  # fmt: skip
    return page.line("Too hard for now? ", (f"rung assess {assessment.track.id} --skip", "command"),
                     " skips it, which tells as much as trying it.")  # fmt: skip


def finished_page(assessment: Assessment) -> Page:
    """The result of the assessment: which skills the learner has, and which come next."""
    found, graph = assessment.knowledge, assessment.learner.graph
    page = Page().line((f"Where you stand on {assessment.track.name}", "title"))
    for lab, result in assessment.results():
        page.line(f"{lab}: {result}", mark=_MARKS[result], indent=2)
    total = len(found.known) + len(found.not_yet) + len(found.unknown)
    page.line(f"{count(total, 'skill')}: {len(found.known)} shown or assumed, {len(found.not_yet)} not yet, "
              f"{len(found.unknown)} unknown.")  # fmt: skip
    missing = (found.not_yet | found.unknown) & assessment.learner.view([assessment.track]).trained
    ready = [skill for skill in missing if set(graph.requires(skill)) <= found.known]
    ready.sort(key=lambda skill: (graph.level(skill), skill))
    if ready:
        more = f" and {len(ready) - _MAX_NEXT_SKILLS} more" if len(ready) > _MAX_NEXT_SKILLS else ""
        page.line(f"Next to learn: {skill_list(ready[:_MAX_NEXT_SKILLS])}{more}.")
    return page.line(("rung next", "command"), f" --track {assessment.track.id} proposes labs for that.")


def assessment_data(assessment: Assessment, chosen: AssessmentQuestion | None) -> dict[str, Any]:
    """The assessment for `--json`."""
    found, open_lab = assessment.knowledge, assessment.open
    lab = open_lab.lab if open_lab else chosen.lab.name if chosen else None
    return {
        "assessment": assessment.id,
        "track": assessment.track.id,
        "state": "open" if open_lab else "proposed" if chosen else "finished",
        "lab": lab,
        "minutes_left": assessment.minutes_left,
        "results": [{"lab": name, "result": result} for name, result in assessment.results()],
        "known": sorted(found.known),
        "not_yet": sorted(found.not_yet),
        "unknown": sorted(found.unknown),
    }
