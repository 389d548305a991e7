"""An assessment, as `rung assess` shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rung.runner.learning.explain import skill_list
from rung.runner.render.next import lab_pieces
from rung.runner.render.page import Page, count

if TYPE_CHECKING:
    from rung.runner.learning.adaptive_test import AssessmentQuestion
    from rung.runner.learning.assessment import Assessment

_TOLD = {"shown": ("✓", "passed"), "not yet": ("-", "dim"), "open": (" ", "dim")}
_EDGE = 6  # skills that are named


def question_page(one: Assessment, chosen: AssessmentQuestion) -> Page:
    """The lab that is proposed, and why this one."""
    page = Page()
    if not one.asked:
        page.line((f"Where do you stand on {one.track.name}?", "title"))
        page.line(f"About {one.minutes} minutes, a lab at a time: each is chosen so that its result tells most. "
                  "Nobody sees it but you, and what does not work yet tells as much as what does.").line()  # fmt: skip
    page.line("Next: ", *lab_pieces(chosen.lab))
    settles = f"Shown, it settles {count(chosen.if_shown, 'skill')}; not yet, {chosen.if_not}."
    return page.line((f"{settles} {len(one.knowledge.unknown)} are open.", "dim"))


def open_page(one: Assessment) -> Page:
    """How to go on with the lab that is open."""
    assert one.open is not None
    page = Page().line("Your assessment waits for ", (one.open.lab, "command"), ".")
    page.line(("rung start " + one.open.lab, "command"), " begins it or goes on with it; ", ("rung check", "command"),
              " in it counts as soon as all holds.")  # fmt: skip
    return page.line("Is it too much for now? ", (f"rung assess {one.track.id} --skip", "command"),
                     " says so, and is an answer as good as any.")  # fmt: skip


def finished_page(one: Assessment) -> Page:
    """Where the learner stands."""
    found, graph = one.knowledge, one.learner.graph
    page = Page().line((f"Where you stand on {one.track.name}", "title"))
    for lab, result in one.results():
        page.line(f"{lab}: {result}", mark=_TOLD[result], indent=2)
    total = len(found.known) + len(found.not_yet) + len(found.unknown)
    page.line(f"Of {count(total, 'skill')} you have shown, or may be taken to have, {len(found.known)}; "
              f"{len(found.not_yet)} come later; of {len(found.unknown)} nothing is known yet.")  # fmt: skip
    ahead = (found.not_yet | found.unknown) & one.learner.view([one.track]).trained
    edge = sorted((s for s in ahead if set(graph.requires(s)) <= found.known), key=lambda s: (graph.level(s), s))
    if edge:
        more = f" and {len(edge) - _EDGE} more" if len(edge) > _EDGE else ""
        page.line(f"Your next steps lie at {skill_list(edge[:_EDGE])}{more}.")
    return page.line(("rung next", "command"), f" --track {one.track.id} names labs for them.")


def assessment_data(one: Assessment, chosen: AssessmentQuestion | None) -> dict[str, Any]:
    """The same as JSON has it."""
    found = one.knowledge
    lab = one.open.lab if one.open else chosen.lab.name if chosen else None
    return {
        "assessment": one.id,
        "track": one.track.id,
        "state": "open" if one.open else "proposed" if chosen else "finished",
        "lab": lab,
        "minutes_left": one.minutes_left,
        "results": [{"lab": name, "result": result} for name, result in one.results()],
        "known": sorted(found.known),
        "not_yet": sorted(found.not_yet),
        "unknown": sorted(found.unknown),
    }
