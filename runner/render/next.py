"""What to do next, as `rung next` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rung.runner.learning.explain import proposal_reason
from rung.runner.render.page import Page

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Track
    from rung.runner.learning.learner import Learner
    from rung.runner.learning.recommend import LabCandidate, Proposal, View
    from rung.runner.learning.remediation import Remediation
    from rung.runner.learning.skill_state import Try
    from rung.runner.store.records import AttemptRecord

_MARGIN = 3


def next_page(learner: Learner, tracks: Sequence[Track], count: int = 3) -> Page:
    """What goes on, the way back after a fall, and the labs worth most, each with its reason."""
    page = Page()
    for attempt in learner.unfinished():
        _goes_on(page, attempt)
    view = learner.view(tracks)
    fall = learner.fall()
    if fall is not None:
        _back(page, fall, learner.remediation(fall, tracks), here={lab.name for lab in view.labs})
    found = learner.next(tracks, count)
    if not found:
        return page.line("No lab that runs here serves ", _ids(tracks), ". ",
                         ("rung labs", "command"), " lists all.")  # fmt: skip
    page.line((f"Next for {_ids(tracks)}", "strong"))
    for number, one in enumerate(found, 1):
        page.line(f"{number}. ", *lab_pieces(one.lab))
        page.line((_sentence(proposal_reason(one, view, tracks)), "dim"), indent=_MARGIN)
    return page.line().line((f"rung start {found[0].lab.name}", "command"), " begins the first of them.")


def _ids(tracks: Sequence[Track]) -> str:
    return " and ".join(track.id for track in tracks)


def lab_pieces(lab: LabCandidate) -> tuple[tuple[str, str], str]:
    """A lab on one line: name, title, difficulty and minutes."""
    return (lab.name, "command"), f"  {lab.title} ({lab.difficulty}, {lab.minutes} min)"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _goes_on(page: Page, attempt: AttemptRecord) -> None:
    page.line(f"You are in the middle of {attempt.lab} (attempt {attempt.id}): ", ("rung shell", "command"),
              " goes on with it.").line()  # fmt: skip


def _back(page: Page, fall: Try, way: Remediation, *, here: set[str]) -> None:
    page.line((f"Back to {fall.lab}", "strong"), f", which did not hold on {fall.at.astimezone():%Y-%m-%d}")
    if way.labs:
        page.line("A fall tells where to set the ladder. The fewest labs that lead there:", indent=_MARGIN)
        for lab in way.labs:
            page.line(*lab_pieces(lab), indent=_MARGIN, mark=("-", "dim"))
        if fall.lab in here:
            page.line((fall.lab, "command"), "  once more, with other values", indent=_MARGIN, mark=("-", "dim"))
    elif fall.lab in here:
        page.line("What it builds on is there: try it once more, with other values. ",
                  (f"rung start {fall.lab}", "command"), indent=_MARGIN)  # fmt: skip
    else:
        page.line("What it builds on is there. That lab does not run here now; those below train what is near.",
                  indent=_MARGIN)  # fmt: skip
    page.line()


def next_data(learner: Learner, tracks: Sequence[Track], count: int = 3) -> dict[str, Any]:
    """The same as JSON has it."""
    view = learner.view(tracks)
    fall = learner.fall()
    return {
        "tracks": [track.id for track in tracks],
        "unfinished": [{"attempt": a.id, "lab": a.lab} for a in learner.unfinished()],
        "back": None if fall is None else _back_data(fall, learner.remediation(fall, tracks)),
        "next": [_proposal_data(one, view, tracks) for one in learner.next(tracks, count)],
    }


def _back_data(fall: Try, way: Remediation) -> dict[str, Any]:
    return {
        "to": way.to,
        "at": fall.at.isoformat(),
        "missing": list(way.missing),
        "labs": [lab.name for lab in way.labs],
    }


def _proposal_data(one: Proposal, view: View, tracks: Sequence[Track]) -> dict[str, Any]:
    return {
        "lab": one.lab.name,
        "title": one.lab.title,
        "difficulty": one.lab.difficulty,
        "minutes": one.lab.minutes,
        "reason": proposal_reason(one, view, tracks),
        "shows": list(one.shows),
        "again": list(one.again),
        "fading": list(one.fading),
        "confirms": list(one.confirms),
        "opens": list(one.opens),
        "prerequisites": dict(one.prerequisites),
        "first": list(one.first),
        "share_of_exam": round(one.weight, 4),
    }
