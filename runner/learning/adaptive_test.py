"""Chooses the labs of a short assessment that finds out which skills a learner has. No I/O here.

A passed lab settles its skills and all their prerequisites; a failed one settles its skills and all skills that require
them. The next lab is the one that settles the most skills for its time, whatever its result. So the assessment halves
the unknown skills with each lab instead of testing one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rung.runner.learning.recommend import LabCandidate
from rung.runner.learning.skill_graph import SkillGraph
from rung.runner.learning.skill_state import MET, SkillState, Standing, Try

MINUTES = 30

QuestionResult = Literal["shown", "not yet", "open"]


@dataclass(frozen=True)
class AnsweredQuestion:
    """A lab that an assessment proposed."""

    lab: str
    at: datetime
    minutes: int  # of the assessment's time: the lab's minutes, or fewer if it was skipped earlier
    skipped: bool = False  # the learner cannot do this yet


@dataclass(frozen=True)
class Knowledge:
    """The skills that a track needs, by what the assessment has settled."""

    known: frozenset[str]
    not_yet: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True)
class AssessmentQuestion:
    """A lab to propose, and the number of skills that each result would settle."""

    lab: LabCandidate
    if_shown: int
    if_not: int

    @property
    def worth(self) -> float:
        return min(self.if_shown, self.if_not) / math.sqrt(self.lab.minutes)


def result(asked: AnsweredQuestion, tries: Sequence[Try]) -> QuestionResult:
    """The result of a proposed lab, by its first try since the proposal; `tries` are oldest first."""
    first = next((attempt for attempt in tries if attempt.lab == asked.lab and attempt.at >= asked.at), None)
    if first is not None:
        return "shown" if first.passed else "not yet"
    return "not yet" if asked.skipped else "open"


def knowledge(
    wanted: Iterable[str], standings: Mapping[str, Standing], graph: SkillGraph, skipped: Iterable[str] = ()
) -> Knowledge:
    """Sort the `wanted` skills by what the record settles; `skipped` are the skills of labs that the learner skipped.

    A fading skill counts as known: the learner had it once.
    """
    skills = frozenset(wanted)
    states = {skill: (standings.get(skill) or Standing(skill)).state for skill in skills}
    met = {skill for skill, state in states.items() if state in MET}
    known = frozenset(met | graph.below(met)) & skills
    failed = {skill for skill, state in states.items() if state is SkillState.AGAIN} | (set(skipped) - met)
    not_yet = frozenset(failed | graph.above(failed)) & skills - known
    return Knowledge(known, not_yet, skills - known - not_yet)


def question(
    labs: Sequence[LabCandidate], found: Knowledge, graph: SkillGraph, minutes: float, before: Iterable[str] = ()
) -> AssessmentQuestion | None:
    """The lab that settles most within the remaining minutes; None where no lab settles anything.

    Labs in `before` were proposed already and are not proposed again.
    """
    names = set(before)
    questions = [
        AssessmentQuestion(lab, *_numbers_settled(lab, found, graph))
        for lab in labs
        if lab.name not in names and lab.minutes <= minutes and not set(lab.skills) & found.not_yet
    ]
    informative = [candidate for candidate in questions if candidate.if_shown and candidate.if_not]
    return min(informative, key=_order, default=None)


def _order(candidate: AssessmentQuestion) -> tuple[float, int, int, str]:
    lab = candidate.lab
    return -candidate.worth, -(candidate.if_shown + candidate.if_not), lab.minutes, lab.name


def _numbers_settled(lab: LabCandidate, found: Knowledge, graph: SkillGraph) -> tuple[int, int]:
    """The numbers of unknown skills that are settled if the lab is passed, and if it is failed."""
    skills = set(lab.skills)
    if_passed = (skills | graph.below(skills)) & found.unknown
    # A failed try counts only against the skills that were not known.
    doubtful = skills - found.known
    if_failed = (doubtful | graph.above(doubtful)) & found.unknown
    return len(if_passed), len(if_failed)
