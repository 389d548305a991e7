"""Explains in a sentence why a lab is proposed. No I/O here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rung.runner.learning.readiness import domain_weights, skills_in
from rung.runner.learning.recommend import LabCandidate, Proposal, View
from rung.runner.learning.skill_state import MET

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Domain, Track

_MET = {state.value for state in MET}


def proposal_reason(proposal: Proposal, view: View, tracks: Sequence[Track]) -> str:
    """What the lab trains, which prerequisites it has, and the weight of its domain in the exam."""
    fading = proposal.fading
    parts = [
        f"the last try at {skill_list(proposal.again)} failed" if proposal.again else "",
        f"{skill_list(fading)} {'is' if len(fading) == 1 else 'are'} fading" if fading else "",
        f"shows {skill_list(proposal.shows)}" if proposal.shows else "",
        f"shows {skill_list(proposal.confirms)} a second time" if proposal.confirms else "",
        _opens(proposal),
        _after(proposal, view) if proposal.first else _prerequisites(proposal),
        _domain(proposal.lab, tracks),
    ]
    return "; ".join(part for part in parts if part) or "refreshes skills that you hold"


def skill_list(skills: Sequence[str]) -> str:
    """Skills as words of a sentence: `a`, `b` and `c`."""
    *first, last = [f"`{skill}`" for skill in skills]
    return f"{', '.join(first)} and {last}" if first else last


def _opens(proposal: Proposal) -> str:
    opens = proposal.opens
    if not opens:
        return ""
    return f"opens {skill_list(opens)}" if len(opens) == 1 else f"opens {len(opens)} skills"


def _prerequisites(proposal: Proposal) -> str:
    met = [(skill, state) for skill, state in proposal.prerequisites if state in _MET]
    return f"prerequisite {', '.join(f'`{skill}` {state}' for skill, state in met[:2])}" if met else ""


def _after(proposal: Proposal, view: View) -> str:
    """The first missing prerequisite, and the shortest lab for it, preferably one without missing prerequisites."""
    skill = proposal.first[0]
    labs = [lab for lab in view.labs if skill in lab.skills]
    labs.sort(key=lambda lab: (bool(view.missing(lab.skills)), lab.minutes, lab.name))
    more = f" and {len(proposal.first) - 1} more" if len(proposal.first) > 1 else ""
    return f"better after `{skill}`{more} (`{labs[0].name}`)" if labs else f"better after `{skill}`{more}"


def _domain(lab: LabCandidate, tracks: Sequence[Track]) -> str:
    """The domain of most of the lab's skills, with its weight."""
    found: list[tuple[int, float, Domain]] = []
    for track in tracks:
        weights = domain_weights(track)
        for domain in track.domains:
            common = len(set(skills_in(domain)) & set(lab.skills))
            if common and weights[domain.id]:
                found.append((common, weights[domain.id], domain))
    if not found:
        return ""
    _, weight, domain = max(found, key=lambda entry: entry[:2])
    return f"{domain.name}, {weight:.0%} of the exam".replace("%", " %")
