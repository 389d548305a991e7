"""Finds the smallest set of labs that trains the missing prerequisites of a failed lab. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rung.runner.learning.recommend import LabCandidate, View

_MAX_STEPS = 20_000  # of the search, after which the best set so far is returned


@dataclass(frozen=True)
class Remediation:
    """The labs to do, in this order, before the failed lab is tried again."""

    to: str
    labs: tuple[LabCandidate, ...]
    missing: tuple[str, ...]  # the prerequisites that they train


def find_remediation(to: str, skills: Iterable[str], view: View) -> Remediation:
    """The labs that train all missing prerequisites, direct and indirect, of the lab `to` with these skills: the
    fewest labs, then the fewest minutes."""
    chosen = set(skills)
    wanted = view.graph.below(chosen) & view.holding_back
    usable = [lab for lab in view.labs if lab.name != to]
    # A lab that trains further skills may itself lack prerequisites, so it is only chosen for want of another.
    within = wanted | chosen | {skill for skill in view.graph.skills if view.met(skill)}
    without_extras = [lab for lab in usable if view.graph.below(lab.skills) <= within and not set(lab.skills) - within]
    covered = {skill for lab in without_extras for skill in lab.skills}
    found = smallest_cover(wanted & covered, without_extras)
    found += smallest_cover(wanted - covered, usable)
    found.sort(key=lambda lab: (max((view.graph.level(s) for s in lab.skills), default=0), lab.name))
    missing = sorted(wanted, key=lambda skill: (view.graph.level(skill), skill))
    return Remediation(to, tuple(found), tuple(missing))


def smallest_cover(wanted: Iterable[str], labs: Sequence[LabCandidate]) -> list[LabCandidate]:
    """The fewest labs that train every skill in `wanted` that any lab trains; then the fewest minutes, then by name.

    The result is exact, unless the search takes too long: then it is the best so far, at least the greedy choice.
    """
    useful = sorted((lab for lab in labs if set(lab.skills) & set(wanted)), key=lambda lab: (lab.minutes, lab.name))
    goal = frozenset(set(wanted) & {skill for lab in useful for skill in lab.skills})
    return list(_Search(_undominated(useful, goal)).best(goal))


def _undominated(labs: Sequence[LabCandidate], goal: frozenset[str]) -> list[LabCandidate]:
    """The labs for which no other lab trains the same goals and more in no more time."""
    kept: list[LabCandidate] = []
    for lab in labs:  # shortest first, so only an earlier lab can replace a later one
        goals = set(lab.skills) & goal
        if not any(goals <= set(other.skills) for other in kept):
            kept.append(lab)
    return kept


class _Search:
    """A branch-and-bound search, which branches on the skill that the fewest labs train."""

    def __init__(self, labs: Sequence[LabCandidate]) -> None:
        self._labs = labs
        self._steps = 0

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
        self._steps += 1
        if not goal:
            self._found = min(self._found, chosen, key=_cost)
            return
        if self._steps > _MAX_STEPS or len(chosen) + 1 > len(self._found):
            return
        serving = {skill: [lab for lab in self._labs if skill in lab.skills] for skill in sorted(goal)}
        for lab in min(serving.values(), key=len):
            self._branch(goal - set(lab.skills), (*chosen, lab))


def _cost(chosen: tuple[LabCandidate, ...]) -> tuple[int, int, list[str]]:
    return len(chosen), sum(lab.minutes for lab in chosen), sorted(lab.name for lab in chosen)
