"""The page of `rung next`."""

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
    """Unfinished attempts, the labs to do after a failed one, and the best labs, each with its reason."""
    page = Page()
    for attempt in learner.unfinished():
        _unfinished(page, attempt)
    view = learner.view(tracks)
    fall = learner.fall()
    if fall is not None:
        _remediation(page, fall, learner.remediation(fall, tracks), labs={lab.name for lab in view.labs})
    found = learner.next(tracks, count)
    if not found:
        return page.line("No lab that runs here trains skills for ", _ids(tracks), ". ",
                         ("rung labs", "command"), " lists all.")  # fmt: skip
    page.line((f"Next for {_ids(tracks)}", "strong"))
    for number, proposal in enumerate(found, 1):
        page.line(f"{number}. ", *lab_pieces(proposal.lab))
        page.line((_sentence(proposal_reason(proposal, view, tracks)), "dim"), indent=_MARGIN)
    return page.line().line((f"rung start {found[0].lab.name}", "command"), " starts the first.")


def _ids(tracks: Sequence[Track]) -> str:
    return " and ".join(track.id for track in tracks)


def lab_pieces(lab: LabCandidate) -> tuple[tuple[str, str], str]:
    """A lab on one line: name, title, difficulty and minutes."""
    return (lab.name, "command"), f"  {lab.title} ({lab.difficulty}, {lab.minutes} min)"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _unfinished(page: Page, attempt: AttemptRecord) -> None:
    page.line(f"{attempt.lab} is not finished (attempt {attempt.id}): ", ("rung shell", "command"),
              " continues it.").line()  # fmt: skip


def _remediation(page: Page, fall: Try, found: Remediation, *, labs: set[str]) -> None:
    """How to pass a failed lab; `labs` are those that run here."""
    page.line((f"Back to {fall.lab}", "strong"), f", which failed on {fall.at.astimezone():%Y-%m-%d}")
    if found.labs:
        page.line("The fewest labs that train what it requires:", indent=_MARGIN)
        for lab in found.labs:
            page.line(*lab_pieces(lab), indent=_MARGIN, mark=("-", "dim"))
        if fall.lab in labs:
            page.line((fall.lab, "command"), "  again, with other values", indent=_MARGIN, mark=("-", "dim"))
    elif fall.lab in labs:
        page.line("You have what it requires: try it again, with other values. ",
                  (f"rung start {fall.lab}", "command"), indent=_MARGIN)  # fmt: skip
    else:
        page.line("You have what it requires, but that lab does not run here now. The labs below train related skills.",
                  indent=_MARGIN)  # fmt: skip
    page.line()


def next_data(learner: Learner, tracks: Sequence[Track], count: int = 3) -> dict[str, Any]:
    """The page's content for `--json`."""
    view = learner.view(tracks)
    fall = learner.fall()
    return {
        "tracks": [track.id for track in tracks],
        "unfinished": [{"attempt": a.id, "lab": a.lab} for a in learner.unfinished()],
        "back": None if fall is None else _remediation_data(fall, learner.remediation(fall, tracks)),
        "next": [_proposal_data(proposal, view, tracks) for proposal in learner.next(tracks, count)],
    }


def _remediation_data(fall: Try, found: Remediation) -> dict[str, Any]:
    return {
        "to": found.to,
        "at": fall.at.isoformat(),
        "missing": list(found.missing),
        "labs": [lab.name for lab in found.labs],
    }


def _proposal_data(proposal: Proposal, view: View, tracks: Sequence[Track]) -> dict[str, Any]:
    return {
        "lab": proposal.lab.name,
        "title": proposal.lab.title,
        "difficulty": proposal.lab.difficulty,
        "minutes": proposal.lab.minutes,
        "reason": proposal_reason(proposal, view, tracks),
        "shows": list(proposal.shows),
        "again": list(proposal.again),
        "fading": list(proposal.fading),
        "confirms": list(proposal.confirms),
        "opens": list(proposal.opens),
        "prerequisites": dict(proposal.prerequisites),
        "first": list(proposal.first),
        "share_of_exam": round(proposal.weight, 4),
    }
