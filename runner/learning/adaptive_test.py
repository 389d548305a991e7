"""A short assessment: which lab tells most about where a learner's skills end. No I/O here.

Skills are ordered by what they require. A lab that is passed settles its skills and all that these build on; one that
is not settles its skills and all that builds on them. The next lab is the one whose result, whichever it is, settles
the most for the time that it takes. So the edge of what somebody can do is found without walking through all below it.
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
    minutes: int  # what it takes of the time: the lab's, or as long as it was looked at before it was passed over
    skipped: bool = False  # the learner said that this is not to be done yet


@dataclass(frozen=True)
class Knowledge:
    """What is settled of the skills that a track needs, and what is not."""

    known: frozenset[str]
    not_yet: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True)
class AssessmentQuestion:
    """A lab to do next, and how many skills each result would settle."""

    lab: LabCandidate
    if_shown: int
    if_not: int

    @property
    def worth(self) -> float:
        return min(self.if_shown, self.if_not) / math.sqrt(self.lab.minutes)


def result(asked: AnsweredQuestion, tries: Sequence[Try]) -> QuestionResult:
    """What became of a proposed lab, by the first try of it since then."""
    found = next((one for one in tries if one.lab == asked.lab and one.at >= asked.at), None)
    if found is not None:
        return "shown" if found.passed else "not yet"
    return "not yet" if asked.skipped else "open"


def knowledge(
    wanted: Iterable[str], standings: Mapping[str, Standing], graph: SkillGraph, skipped: Iterable[str] = ()
) -> Knowledge:
    """What the record settles; `skipped` are the skills of labs that the learner passed over.

    What faded counts as known, for a learner's edge is not where something has rusted.
    """
    everything = frozenset(wanted)
    states = {skill: (standings.get(skill) or Standing(skill)).state for skill in everything}
    met = {skill for skill, state in states.items() if state in MET}
    known = frozenset(met | graph.below(met)) & everything
    fell = {skill for skill, state in states.items() if state is SkillState.AGAIN} | (set(skipped) - met)
    not_yet = frozenset(fell | graph.above(fell)) & everything - known
    return Knowledge(known, not_yet, everything - known - not_yet)


def question(
    labs: Sequence[LabCandidate], found: Knowledge, graph: SkillGraph, minutes: float, before: Iterable[str] = ()
) -> AssessmentQuestion | None:
    """The lab that tells most and fits into the minutes that are left; None where none tells anything.

    Labs that were proposed `before` are not proposed again.
    """
    names = set(before)
    questions = [
        AssessmentQuestion(lab, *_settled(lab, found, graph))
        for lab in labs
        if lab.name not in names and lab.minutes <= minutes and not set(lab.skills) & found.not_yet
    ]
    telling = [one for one in questions if one.if_shown and one.if_not]
    return min(telling, key=_order, default=None)


def _order(one: AssessmentQuestion) -> tuple[float, int, int, str]:
    return -one.worth, -(one.if_shown + one.if_not), one.lab.minutes, one.lab.name


def _settled(lab: LabCandidate, found: Knowledge, graph: SkillGraph) -> tuple[int, int]:
    """How many unknown skills are settled if the lab is passed, and if it is not."""
    mine = set(lab.skills)
    passed = (mine | graph.below(mine)) & found.unknown
    # A fall counts against the skills that were not known.
    doubtful = mine - found.known
    failed = (doubtful | graph.above(doubtful)) & found.unknown
    return len(passed), len(failed)
