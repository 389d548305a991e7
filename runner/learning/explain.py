"""Why a lab is proposed, as a sentence. No I/O here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rung.runner.learning.readiness import domain_weights, skills_in
from rung.runner.learning.recommend import LabCandidate, Proposal, View
from rung.runner.learning.skill_state import MET

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Domain, Track

_MET = {state.value for state in MET}


def proposal_reason(one: Proposal, view: View, tracks: Sequence[Track]) -> str:
    """What a proposal is good for, what it builds on, and how much the exam makes of it."""
    parts = [
        f"the last try at {skill_list(one.again)} did not get there" if one.again else "",
        f"{skill_list(one.fading)} {'is' if len(one.fading) == 1 else 'are'} fading" if one.fading else "",
        f"shows {skill_list(one.shows)}" if one.shows else "",
        f"shows {skill_list(one.confirms)} a second time" if one.confirms else "",
        _opens(one),
        _after(one, view) if one.first else _built_on(one),
        _domain(one.lab, tracks),
    ]
    return "; ".join(part for part in parts if part) or "keeps what is held"


def skill_list(skills: Sequence[str]) -> str:
    """Skills as a sentence names them: `a`, `b` and `c`."""
    *first, last = [f"`{skill}`" for skill in skills]
    return f"{', '.join(first)} and {last}" if first else last


def _opens(one: Proposal) -> str:
    if not one.opens:
        return ""
    return f"opens {skill_list(one.opens)}" if len(one.opens) == 1 else f"opens {len(one.opens)} skills"


def _built_on(one: Proposal) -> str:
    there = [(skill, state) for skill, state in one.prerequisites if state in _MET]
    return f"prerequisite {', '.join(f'`{skill}` {state}' for skill, state in there[:2])}" if there else ""


def _after(one: Proposal, view: View) -> str:
    """What comes first, and the shortest lab for it that nothing holds back."""
    skill = one.first[0]
    labs = [lab for lab in view.labs if skill in lab.skills]
    labs.sort(key=lambda lab: (bool(view.missing(lab.skills)), lab.minutes, lab.name))
    more = f" and {len(one.first) - 1} more" if len(one.first) > 1 else ""
    return f"better after `{skill}`{more} (`{labs[0].name}`)" if labs else f"better after `{skill}`{more}"


def _domain(lab: LabCandidate, tracks: Sequence[Track]) -> str:
    """The domain that most of the lab's skills belong to, with its weight."""
    found: list[tuple[int, float, Domain]] = []
    for track in tracks:
        weights = domain_weights(track)
        for domain in track.domains:
            mine = len(set(skills_in(domain)) & set(lab.skills))
            if mine and weights[domain.id]:
                found.append((mine, weights[domain.id], domain))
    if not found:
        return ""
    _, weight, domain = max(found, key=lambda one: one[:2])
    return f"{domain.name}, {weight:.0%} of the exam".replace("%", " %")
