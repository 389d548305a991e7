"""What the record is evidence of: each skill's state, by rules that stand in docs/progress.md. No I/O here.

Fading follows half-life regression (B. Settles and B. Meeder, "A Trainable Spaced Repetition Model for Language
Learning", Proceedings of ACL 2016, pages 1848-1858): the chance to still be able to is p = 2^(-d / h), d days after a
skill was last shown, with a half-life of h = 2^(weights x features). Leitner's boxes are the special case in which the
only features are the times that it went right (weight 1) and wrong (weight -1). That case is used here, with a bias of
3: h = 2^(3 + right - wrong) days, so 16 days for a skill that was shown once. The weights are chosen, not fitted: there
are no data of learners to fit them to. The half-life is held between 4 days and 274 (nine months, as in the paper's
code).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import groupby

from rung.runner.learning.skill_graph import SkillGraph
from rung.runner.store.records import AttemptRecord, CheckRecord

BIAS = 3.0
SHORTEST, LONGEST = 4.0, 274.0  # days
FADED = 0.5  # a chance below this is fading: half a life has passed
HELPED = 0.5  # what counts half: shown with hints or after the time, and what is only assumed
UNTOUCHED = timedelta(days=1)  # after this an attempt that was not stopped counts as over


class SkillState(Enum):
    """How a skill stands. The value is the word that people read."""

    HELD = "held"  # shown, and shown again without help on another day or with other values
    SHOWN = "shown"  # shown once
    FADING = "fading"  # shown or held, and half a life has passed since
    AGAIN = "again"  # the last try did not get there
    ASSUMED = "assumed"  # never tried, but something that requires it is shown or held
    NEVER = "never tried"


# Whoever is in one of these states can go on to what requires the skill.
MET = frozenset({SkillState.HELD, SkillState.SHOWN, SkillState.FADING, SkillState.ASSUMED})


@dataclass(frozen=True)
class Try:
    """One run of an attempt that came to something."""

    at: datetime
    day: date
    attempt: str
    lab: str
    seed: int
    skills: tuple[str, ...]
    passed: bool
    helped: bool = False  # hints were seen before, or it was after an exam's time
    exam: str | None = None


def tries(attempts: Iterable[AttemptRecord], now: datetime) -> list[Try]:
    """What attempts are evidence of, oldest first.

    Of each run (from the start, or a reset, to the next reset or the end) only the first check that passed counts, or,
    where none did and the run is over, the last that failed. After the solution was looked at, nothing counts; in
    another attempt with the same values, whoever has seen it had help.
    """
    every = list(attempts)
    told: dict[tuple[str, int], datetime] = {}
    for attempt in every:
        if attempt.solution is not None:
            key = (attempt.lab, attempt.seed)
            told[key] = min(told.get(key, attempt.solution), attempt.solution)
    found = [one for attempt in every for one in _tries_of(attempt, now, told.get((attempt.lab, attempt.seed)))]
    return sorted(found, key=lambda one: (one.at, one.attempt))


def _tries_of(attempt: AttemptRecord, now: datetime, told: datetime | None) -> Iterable[Try]:
    checks = [check for check in attempt.checks if check.whole and not check.solved and check.verdict]
    last_run = max((check.run for check in attempt.checks), default=0)
    over = attempt.ended or attempt.solution is not None or now - attempt.last >= UNTOUCHED
    for run, group in groupby(checks, key=lambda check: check.run):
        of_run = list(group)
        first = next((check for check in of_run if check.verdict == "passed"), None)
        if first is not None:
            known = told is not None and told < first.at  # its solution, from another attempt
            yield _try(attempt, first, helped=known or first.hints > 0 or first.in_time is False)
        elif over or run < last_run or of_run[-1].in_time is not None:  # an exam's result is final
            yield _try(attempt, of_run[-1], helped=False)


def _try(attempt: AttemptRecord, check: CheckRecord, *, helped: bool) -> Try:
    return Try(
        at=check.at,
        day=check.day,
        attempt=attempt.id,
        lab=attempt.lab,
        seed=attempt.seed,
        skills=attempt.skills,
        passed=check.verdict == "passed",
        helped=helped,
        exam=attempt.exam,
    )


def unfinished(attempts: Iterable[AttemptRecord], now: datetime) -> list[AttemptRecord]:
    """Attempts that go on: their last check failed, and they are neither over nor part of an exam. Newest last."""
    found = []
    for attempt in attempts:
        over = attempt.ended or attempt.solution is not None or now - attempt.last >= UNTOUCHED
        whole = [check for check in attempt.checks if check.whole]
        if whole and whole[-1].verdict == "failed" and not over and attempt.exam is None:
            found.append(attempt)
    return found


@dataclass
class Standing:
    """How a skill stands, and why."""

    skill: str
    state: SkillState = SkillState.NEVER
    confirmed: bool = False  # it was once shown again, as `held` asks for
    shown: list[Try] = field(default_factory=list)
    falls: list[Try] = field(default_factory=list)
    half_life: float = 0.0  # days
    recall: float = 0.0  # the chance to still be able to, 0 to 1; 0 where it was never shown

    @property
    def last(self) -> Try | None:
        """The newest try that counts for it."""
        return max([*self.shown[-1:], *self.falls[-1:]], key=lambda one: one.at, default=None)


def standings(found: Sequence[Try], graph: SkillGraph, now: datetime) -> dict[str, Standing]:
    """Every skill of the graph, and of the record, with its state now."""
    known = {skill: Standing(skill) for skill in graph.skills}
    for one in found:
        mine = [known[skill] if skill in known else known.setdefault(skill, Standing(skill)) for skill in one.skills]
        for standing in mine if one.passed else _blamed(mine, known, graph):
            _count(standing, one)
    for standing in known.values():
        _fade(standing, now)
    _assume(known, graph)
    return known


def _blamed(mine: list[Standing], known: Mapping[str, Standing], graph: SkillGraph) -> list[Standing]:
    """The skills that a fall counts against: those for which least speaks.

    A task that asks for three things and fails does not say which of them was missing. So of the lab's skills only
    those that were never shown, if there are any that nothing vouches for; else those that were assumed; else those
    that were shown once; else, where all were held, all.
    """
    if len(mine) == 1:
        return mine
    vouched = graph.below(_able(known))
    weights = [_SPEAKS[s.state] + (s.state is SkillState.NEVER and s.skill in vouched) for s in mine]
    return [standing for standing, weight in zip(mine, weights, strict=True) if weight == min(weights)]


# What speaks for a skill at the time of a fall; one more where it was never tried but is vouched for.
_SPEAKS = {SkillState.NEVER: 0, SkillState.AGAIN: 0, SkillState.SHOWN: 2, SkillState.HELD: 3}


def _able(known: Mapping[str, Standing]) -> list[str]:
    return [skill for skill, standing in known.items() if standing.state in (SkillState.HELD, SkillState.SHOWN)]


def _count(standing: Standing, one: Try) -> None:
    if not one.passed:
        standing.falls.append(one)
        standing.state = SkillState.AGAIN
        return
    standing.confirmed = standing.confirmed or _confirms(one, standing.shown)
    standing.shown.append(one)
    standing.state = SkillState.HELD if standing.confirmed else SkillState.SHOWN


def _confirms(one: Try, shown: Sequence[Try]) -> bool:
    """Whether it was shown before on another day, in another lab or with other values, and now without help."""
    return not one.helped and any((e.day, e.lab, e.seed) != (one.day, one.lab, one.seed) for e in shown)


def _fade(standing: Standing, now: datetime) -> None:
    if not standing.shown:
        return
    standing.half_life = half_life(standing.shown, standing.falls)
    days = max(0.0, (now - standing.shown[-1].at) / timedelta(days=1))
    standing.recall = float(2.0 ** (-days / standing.half_life))
    if standing.state in (SkillState.HELD, SkillState.SHOWN) and standing.recall < FADED:
        standing.state = SkillState.FADING


def half_life(shown: Sequence[Try], falls: Sequence[Try]) -> float:
    """Days until half is gone. What was shown twice on one day counts once: only what is spaced lasts."""
    best: dict[date, float] = {}
    for one in shown:
        best[one.day] = max(best.get(one.day, 0.0), HELPED if one.helped else 1.0)
    power = BIAS + sum(best.values()) - len({one.day for one in falls})
    return float(min(LONGEST, max(SHORTEST, 2.0 ** min(power, 16.0))))


def _assume(known: dict[str, Standing], graph: SkillGraph) -> None:
    """Whoever can do something can do what it requires, unless a try of that says otherwise."""
    for skill in graph.below(_able(known)):
        if known[skill].state is SkillState.NEVER:
            known[skill].state = SkillState.ASSUMED
