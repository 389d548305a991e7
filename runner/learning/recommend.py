"""The next rung: which labs are worth most now, and why. No I/O here.

Only `requires` holds a lab back, and held back means: after the others, with what comes first. Nothing is ever hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial

from rung.runner.learning.skill_graph import SkillGraph
from rung.runner.learning.skill_state import MET, SkillState, Standing

# How much there is to gain from a skill in each state; what was never tried is 1.
NEED = {
    SkillState.NEVER: 1.0,
    SkillState.AGAIN: 1.0,
    SkillState.FADING: 0.8,
    SkillState.SHOWN: 0.6,
    SkillState.ASSUMED: 0.4,
    SkillState.HELD: 0.05,
}
_TODAY = 0.5  # what was shown today gains half as much as another day: it is better held by then
_OPENED = 0.5  # a skill that is opened is worth half of one that is shown
_GROUND = 0.004  # what each skill that the track needs is worth beside its share of the exam: others are built on it
_HELP = 0.1  # how much easier a lab is when everything that helps is there
_DIFFICULTY = {"easy": 1.0, "medium": 0.9, "hard": 0.75}
_LEVEL = 0.05  # how much each level makes a lab wait


@dataclass(frozen=True)
class LabCandidate:
    """A lab as the rules see it."""

    name: str
    title: str
    difficulty: str
    minutes: int
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A lab, and why."""

    lab: LabCandidate
    worth: float
    shows: tuple[str, ...]  # skills that it would show for the first time
    again: tuple[str, ...]  # skills whose last try fell
    fading: tuple[str, ...]
    confirms: tuple[str, ...]  # skills that it would show a second time
    opens: tuple[str, ...]  # skills whose prerequisites would all be there
    prerequisites: tuple[tuple[str, str], ...]  # what its skills require, and how that stands
    first: tuple[str, ...]  # prerequisites that are missing and that labs here train
    weight: float  # its skills' share of the exam, 0 to 1


@dataclass(frozen=True)
class View:
    """What the rules look at."""

    graph: SkillGraph
    standings: Mapping[str, Standing]
    labs: Sequence[LabCandidate]  # those that run here
    weights: Mapping[str, float]  # skill -> share of the exam that is prepared for, 0 to 1
    today: date

    def state(self, skill: str) -> SkillState:
        standing = self.standings.get(skill)
        return standing.state if standing else SkillState.NEVER

    def met(self, skill: str) -> bool:
        return self.state(skill) in MET

    @cached_property
    def wanted(self) -> set[str]:
        """The skills that the exam asks for, and all that these build on."""
        return set(self.weights) | self.graph.below(self.weights)

    @cached_property
    def trained(self) -> set[str]:
        return {skill for lab in self.labs for skill in lab.skills}

    @cached_property
    def holding_back(self) -> set[str]:
        """Skills that are not there and that some lab can show before whatever requires them.

        The others cannot hold anybody back. What is trained only by labs that need something that is trained only by
        such labs in turn is one of them: the lowest of these skills is let go until there is a way.
        """
        holding = {skill for skill in self.trained if not self.met(skill)}
        while True:
            stuck = holding - self._obtainable(holding)
            if not stuck:
                return holding
            lowest = min(self.graph.level(skill) for skill in stuck)
            holding -= {skill for skill in stuck if self.graph.level(skill) == lowest}

    def _obtainable(self, holding: set[str]) -> set[str]:
        """Those of these skills that labs can show one after the other, none of them before what it builds on."""
        have: set[str] = set()
        waiting = [(set(lab.skills), self._missing(lab.skills, holding)) for lab in self.labs]
        while True:
            ready = [skills for skills, missing in waiting if missing <= have]
            waiting = [(skills, missing) for skills, missing in waiting if not missing <= have]
            if not ready:
                return have
            have |= set().union(*ready)

    def missing(self, skills: Iterable[str]) -> set[str]:
        """What must come before these and is not there. A prerequisite that cannot hold anybody back is passed over;
        what it builds on itself stands in for it."""
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
    """The labs worth most, best first, no two for the same skills where there are others."""
    chosen: list[Proposal] = []
    taken: frozenset[str] = frozenset()
    rest = [lab for lab in view.labs if view.wanted & set(lab.skills)]
    gain = lru_cache(maxsize=None)(partial(_gain, view))  # many labs of a pack train the same skills
    missing = lru_cache(maxsize=None)(view.missing)

    def order(lab: LabCandidate) -> tuple[int, float, str]:
        """Labs that nothing holds back first; of the others those that least does."""
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
    """Skills that are not there, and of whose prerequisites the last are among what a lab would show."""
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
    """What a lab that gains so much is worth with its difficulty and for its time."""
    return gain * _DIFFICULTY.get(lab.difficulty, 0.9) / math.sqrt(lab.minutes)


def _gain(view: View, skills: Sequence[str], taken: frozenset[str]) -> float:
    """What there is to gain from skills, by their need and ease; `taken`: those that a lab before it in the list
    trains already."""
    opens = _opened(skills, view)
    gain = sum(_need(skill, view) * _share(skill, view) for skill in skills if skill not in taken)
    gain += _OPENED * sum(_share(skill, view) for skill in opens if not taken & set(view.graph.requires(skill)))
    helping = [name for skill in skills for name in view.graph.helps(skill) if name not in skills]
    helped = sum(view.met(name) for name in helping) / len(helping) if helping else 1.0
    level = max((view.graph.level(skill) for skill in skills), default=0)
    return gain * (1 + _HELP * helped) / (1 + _LEVEL * level)


def _share(skill: str, view: View) -> float:
    return view.weights.get(skill, 0.0) + _GROUND if skill in view.wanted else 0.0


def _need(skill: str, view: View) -> float:
    standing = view.standings.get(skill)
    if standing is None:
        return NEED[SkillState.NEVER]
    last = standing.last
    today = last is not None and last.passed and last.day >= view.today
    return NEED[standing.state] * (_TODAY if today else 1.0)
