"""The next rung: ranks labs by what the learner gains from them now. No I/O here.

Only a missing prerequisite (`requires`) delays a lab: it is ranked after the others, and the proposal names the missing
prerequisites. No lab is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial

from rung.runner.learning.skill_graph import SkillGraph
from rung.runner.learning.skill_state import MET, SkillState, Standing

# What a skill gains from training by its state, relative to a skill never tried.
NEED = {
    SkillState.NEVER: 1.0,
    SkillState.AGAIN: 1.0,
    SkillState.FADING: 0.8,
    SkillState.SHOWN: 0.6,
    SkillState.ASSUMED: 0.4,
    SkillState.HELD: 0.05,
}
_TODAY = 0.5  # factor for a skill that was shown today: a try on another day confirms it
_OPENED = 0.5  # worth of a skill that the lab opens, relative to one that it shows
_BASE_SHARE = 0.004  # added to the share of each needed skill, since other skills build on it
_HELP = 0.1  # largest bonus of a lab whose helpful skills are met
_DIFFICULTY = {"easy": 1.0, "medium": 0.9, "hard": 0.75}
_LEVEL = 0.05  # penalty for each level


@dataclass(frozen=True)
class LabCandidate:
    """What the rules need to know of a lab."""

    name: str
    title: str
    difficulty: str
    minutes: int
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A proposed lab with its reasons."""

    lab: LabCandidate
    worth: float
    shows: tuple[str, ...]  # skills that it shows for the first time
    again: tuple[str, ...]  # skills whose last try failed
    fading: tuple[str, ...]
    confirms: tuple[str, ...]  # skills that it shows a second time
    opens: tuple[str, ...]  # skills that have all prerequisites after it
    prerequisites: tuple[tuple[str, str], ...]  # (skill, state) of what its skills require
    first: tuple[str, ...]  # missing prerequisites that labs here train
    weight: float  # share of its skills in the exam, 0 to 1


@dataclass(frozen=True)
class View:
    """The input of the rules."""

    graph: SkillGraph
    standings: Mapping[str, Standing]
    labs: Sequence[LabCandidate]  # labs that run here
    weights: Mapping[str, float]  # skill -> its share of the exam, 0 to 1
    today: date

    def state(self, skill: str) -> SkillState:
        standing = self.standings.get(skill)
        return standing.state if standing else SkillState.NEVER

    def met(self, skill: str) -> bool:
        return self.state(skill) in MET

    @cached_property
    def wanted(self) -> set[str]:
        """The skills that the exam asks for, and all their prerequisites."""
        return set(self.weights) | self.graph.below(self.weights)

    @cached_property
    def trained(self) -> set[str]:
        return {skill for lab in self.labs for skill in lab.skills}

    @cached_property
    def holding_back(self) -> set[str]:
        """The skills that the learner lacks and that some lab trains before any skill that requires them.

        No other skill delays a lab. Labs may wait for each other in a circle: each requires a skill that only another
        of them trains. Then the skills of the lowest level among these stop counting, until the circle is broken.
        """
        holding = {skill for skill in self.trained if not self.met(skill)}
        while True:
            stuck = holding - self._obtainable(holding)
            if not stuck:
                return holding
            lowest = min(self.graph.level(skill) for skill in stuck)
            holding -= {skill for skill in stuck if self.graph.level(skill) == lowest}

    def _obtainable(self, holding: set[str]) -> set[str]:
        """The skills among `holding` that labs can train in some order, each lab after its prerequisites."""
        have: set[str] = set()
        waiting = [(set(lab.skills), self._missing(lab.skills, holding)) for lab in self.labs]
        while True:
            ready = [skills for skills, missing in waiting if missing <= have]
            waiting = [(skills, missing) for skills, missing in waiting if not missing <= have]
            if not ready:
                return have
            have |= set().union(*ready)

    def missing(self, skills: Iterable[str]) -> set[str]:
        """The missing prerequisites of these skills. One that is not in `holding_back` is replaced by its own
        prerequisites."""
        return self._missing(skills, self.holding_back)

    def _missing(self, skills: Iterable[str], holding: set[str]) -> set[str]:
        chosen = set(skills)
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [name for skill in chosen for name in self.graph.requires(skill)]
        while waiting:
            name = waiting.pop()
            if name in seen or name in chosen or self.met(name):
                continue
            seen.add(name)
            if name in holding:
                found.add(name)
            else:
                waiting += self.graph.requires(name)
        return found


def proposals(view: View, count: int = 3) -> list[Proposal]:
    """The `count` best labs, best first; each prefers skills that the labs before it do not train."""
    chosen: list[Proposal] = []
    taken: frozenset[str] = frozenset()
    rest = [lab for lab in view.labs if view.wanted & set(lab.skills)]
    gain = lru_cache(maxsize=None)(partial(_gain, view))  # many labs of a pack train the same skills
    missing = lru_cache(maxsize=None)(view.missing)

    def order(lab: LabCandidate) -> tuple[int, float, str]:
        """Labs with the fewest missing prerequisites first, then by worth."""
        return len(missing(lab.skills)), -_worth(lab, gain(lab.skills, taken)), lab.name

    while rest and len(chosen) < count:
        best = min(rest, key=order)
        chosen.append(_proposal(best, view, _worth(best, gain(best.skills, frozenset()))))
        taken |= set(best.skills)
        rest = [lab for lab in rest if lab.name != best.name]
    return chosen


def _proposal(lab: LabCandidate, view: View, worth: float) -> Proposal:
    by_state = {state: tuple(s for s in lab.skills if view.state(s) is state) for state in SkillState}
    opens = _opened(lab.skills, view)
    return Proposal(
        lab=lab,
        worth=worth,
        shows=by_state[SkillState.NEVER] + by_state[SkillState.ASSUMED],
        again=by_state[SkillState.AGAIN],
        fading=by_state[SkillState.FADING],
        confirms=by_state[SkillState.SHOWN],
        opens=opens,
        prerequisites=tuple((skill, view.state(skill).value) for skill in _required(lab, view.graph)),
        first=tuple(sorted(view.missing(lab.skills), key=lambda s: (view.graph.level(s), s))),
        weight=sum(view.weights.get(skill, 0.0) for skill in lab.skills),
    )


def _required(lab: LabCandidate, graph: SkillGraph) -> list[str]:
    found = dict.fromkeys(name for skill in lab.skills for name in graph.requires(skill))
    return [name for name in found if name not in lab.skills]


def _opened(skills: Sequence[str], view: View) -> tuple[str, ...]:
    """The missing skills whose last missing prerequisites are among the skills that a lab trains."""
    new = {skill for skill in skills if not view.met(skill)}
    return tuple(
        skill
        for skill in view.graph.skills
        if skill in view.wanted
        and skill not in skills
        and not view.met(skill)
        and new & set(view.graph.requires(skill))
        and all(view.met(name) or name in new for name in view.graph.requires(skill))
    )


def _worth(lab: LabCandidate, gain: float) -> float:
    """The gain of a lab, reduced for its difficulty and divided by the square root of its minutes."""
    return gain * _DIFFICULTY.get(lab.difficulty, 0.9) / math.sqrt(lab.minutes)


def _gain(view: View, skills: Sequence[str], taken: frozenset[str]) -> float:
    """The gain from training skills, by their need and ease; skills in `taken` are trained by a lab before it in the
    list and count nothing."""
    opens = _opened(skills, view)
    gain = sum(_need(skill, view) * _share(skill, view) for skill in skills if skill not in taken)
    gain += _OPENED * sum(_share(skill, view) for skill in opens if not taken & set(view.graph.requires(skill)))
    helping = [name for skill in skills for name in view.graph.helps(skill) if name not in skills]
    helped = sum(view.met(name) for name in helping) / len(helping) if helping else 1.0
    level = max((view.graph.level(skill) for skill in skills), default=0)
    return gain * (1 + _HELP * helped) / (1 + _LEVEL * level)


def _share(skill: str, view: View) -> float:
    return view.weights.get(skill, 0.0) + _BASE_SHARE if skill in view.wanted else 0.0


def _need(skill: str, view: View) -> float:
    standing = view.standings.get(skill)
    if standing is None:
        return NEED[SkillState.NEVER]
    last = standing.last
    today = last is not None and last.passed and last.day >= view.today
    return NEED[standing.state] * (_TODAY if today else 1.0)
