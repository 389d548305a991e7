"""After a fall: the smallest set of labs that leads back to where it was. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rung.runner.learning.recommend import LabCandidate, View

_EXACT = 20_000  # sets that are looked at before the best found so far has to do


@dataclass(frozen=True)
class Remediation:
    """Labs to do, in this order, before the one that fell is tried again."""

    to: str
    labs: tuple[LabCandidate, ...]
    missing: tuple[str, ...]  # the prerequisites that they show


def find_remediation(to: str, skills: Iterable[str], view: View) -> Remediation:
    """The way to a lab (`to`) of these skills: fewest labs, then fewest minutes, that train all prerequisites that are
    missing, directly or further below."""
    chosen = set(skills)
    wanted = view.graph.below(chosen) & view.holding_back
    usable = [lab for lab in view.labs if lab.name != to]
    # A lab that brings in what is not asked for would need a way of its own; it is taken only where no other serves.
    within = wanted | chosen | {skill for skill in view.graph.skills if view.met(skill)}
    modest = [lab for lab in usable if view.graph.below(lab.skills) <= within and not set(lab.skills) - within]
    covered = {skill for lab in modest for skill in lab.skills}
    found = smallest_cover(wanted & covered, modest)
    found += smallest_cover(wanted - covered, usable)
    found.sort(key=lambda lab: (max((view.graph.level(s) for s in lab.skills), default=0), lab.name))
    missing = sorted(wanted, key=lambda skill: (view.graph.level(skill), skill))
    return Remediation(to, tuple(found), tuple(missing))


def smallest_cover(wanted: Iterable[str], labs: Sequence[LabCandidate]) -> list[LabCandidate]:
    """The fewest labs (of those the fewest minutes, then the first by name) that train all of `wanted` that any trains.

    Exact, unless the search would take too long: then the best that was found, never worse than the greedy choice.
    """
    useful = sorted((lab for lab in labs if set(lab.skills) & set(wanted)), key=lambda lab: (lab.minutes, lab.name))
    goal = frozenset(set(wanted) & {skill for lab in useful for skill in lab.skills})
    return list(_Search(_undominated(useful, goal)).best(goal))


def _undominated(labs: Sequence[LabCandidate], goal: frozenset[str]) -> list[LabCandidate]:
    """Labs that no other one replaces at no more cost."""
    kept: list[LabCandidate] = []
    for lab in labs:  # shortest first, so only an earlier one can be as short; a longer one may do more
        mine = set(lab.skills) & goal
        if not any(mine <= set(other.skills) for other in kept):
            kept.append(lab)
    return kept


class _Search:
    """Branches on the skill that the fewest labs train."""

    def __init__(self, labs: Sequence[LabCandidate]) -> None:
        self._labs = labs
        self._looked = 0

    def best(self, goal: frozenset[str]) -> tuple[LabCandidate, ...]:
        self._found = self._greedy(goal)
        self._branch(goal, ())
        return self._found

    def _greedy(self, goal: frozenset[str]) -> tuple[LabCandidate, ...]:
        chosen: tuple[LabCandidate, ...] = ()
        while goal:
            lab = min(self._labs, key=lambda lab: (-len(goal & set(lab.skills)), lab.minutes, lab.name))
            chosen += (lab,)
            goal -= set(lab.skills)
        return chosen

    def _branch(self, goal: frozenset[str], chosen: tuple[LabCandidate, ...]) -> None:
        self._looked += 1
        if not goal:
            self._found = min(self._found, chosen, key=_cost)
            return
        if self._looked > _EXACT or len(chosen) + 1 > len(self._found):
            return
        serving = {skill: [lab for lab in self._labs if skill in lab.skills] for skill in sorted(goal)}
        for lab in min(serving.values(), key=len):
            self._branch(goal - set(lab.skills), (*chosen, lab))


def _cost(chosen: tuple[LabCandidate, ...]) -> tuple[int, int, list[str]]:
    return len(chosen), sum(lab.minutes for lab in chosen), sorted(lab.name for lab in chosen)
