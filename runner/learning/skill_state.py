"""Derives each skill's state from the record, by the rules in docs/progress.md. No I/O here.

Fading follows half-life regression (B. Settles and B. Meeder, "A Trainable Spaced Repetition Model for Language
Learning", Proceedings of ACL 2016, pages 1848-1858). The chance that the learner still has a skill is p = 2^(-d / h),
d days after it was last shown, with a half-life of h = 2^(weights x features). Leitner's boxes are the special case
whose only features are the numbers of right (weight 1) and wrong answers (weight -1). Rung uses that case with a bias
of 3: h = 2^(3 + right - wrong) days, so 16 days for a skill that was shown once. The weights are chosen, not fitted:
there are no data of learners to fit them to. The half-life is at least 4 days and at most 274 (nine months, as in the
paper's code).
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
FADED = 0.5  # a skill fades below this chance, that is, after one half-life
HELPED = 0.5  # weight of a skill shown with hints or after an exam's time, and of an assumed skill
UNTOUCHED = timedelta(days=1)  # an attempt without events for so long counts as over


class SkillState(Enum):
    """The state of a skill. The value is the word in pages and JSON."""

    HELD = "held"  # shown twice, the second time without help, on another day, in another lab or with other values
    SHOWN = "shown"  # shown once
    FADING = "fading"  # shown or held, but not tried for a half-life
    AGAIN = "again"  # the last try failed
    ASSUMED = "assumed"  # never tried, but a skill that requires it is shown or held
    NEVER = "never tried"


# In these states the skill counts as present for the skills that require it.
MET = frozenset({SkillState.HELD, SkillState.SHOWN, SkillState.FADING, SkillState.ASSUMED})


@dataclass(frozen=True)
class Try:
    """The result of one run of an attempt."""

    at: datetime
    day: date
    attempt: str
    lab: str
    seed: int
    skills: tuple[str, ...]
    passed: bool
    helped: bool = False  # after a hint or the solution, or after an exam's time
    exam: str | None = None


def tries(attempts: Iterable[AttemptRecord], now: datetime) -> list[Try]:
    """The tries in these attempts, oldest first.

    A run goes from the start or a reset to the next reset or the end. In each run only the first passed check counts;
    where none passed and the run is over, the last failed one. After the solution was shown, nothing in the attempt
    counts, and other attempts with the same values count as helped.
    """
    records = list(attempts)
    solutions: dict[tuple[str, int], datetime] = {}  # (lab, seed) -> when the solution was first shown
    for attempt in records:
        if attempt.solution is not None:
            key = (attempt.lab, attempt.seed)
            solutions[key] = min(solutions.get(key, attempt.solution), attempt.solution)
    found = [one for attempt in records for one in _tries_of(attempt, now, solutions.get((attempt.lab, attempt.seed)))]
    return sorted(found, key=lambda one: (one.at, one.attempt))


def _tries_of(attempt: AttemptRecord, now: datetime, solution_shown: datetime | None) -> Iterable[Try]:
    checks = [check for check in attempt.checks if check.whole and not check.solved and check.verdict]
    last_run = max((check.run for check in attempt.checks), default=0)
    over = attempt.ended or attempt.solution is not None or now - attempt.last >= UNTOUCHED
    for run, group in groupby(checks, key=lambda check: check.run):
        run_checks = list(group)
        first = next((check for check in run_checks if check.verdict == "passed"), None)
        if first is not None:
            solved_before = solution_shown is not None and solution_shown < first.at  # in another attempt
            yield _try(attempt, first, helped=solved_before or first.hints > 0 or first.in_time is False)
        elif over or run < last_run or run_checks[-1].in_time is not None:  # an exam's result is final
            yield _try(attempt, run_checks[-1], helped=False)


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
    """The attempts outside exams that are not over and whose last check failed, newest last."""
    found = []
    for attempt in attempts:
        over = attempt.ended or attempt.solution is not None or now - attempt.last >= UNTOUCHED
        whole = [check for check in attempt.checks if check.whole]
        if whole and whole[-1].verdict == "failed" and not over and attempt.exam is None:
            found.append(attempt)
    return found


@dataclass
class Standing:
    """The state of a skill, with the tries that it follows from."""

    skill: str
    state: SkillState = SkillState.NEVER
    confirmed: bool = False  # whether a second try has met the rule for `held`
    shown: list[Try] = field(default_factory=list)  # passed tries, oldest first
    falls: list[Try] = field(default_factory=list)  # failed tries that count against it, oldest first
    half_life: float = 0.0  # days
    recall: float = 0.0  # the chance that the learner still has it, 0 to 1; 0 if never shown

    @property
    def last(self) -> Try | None:
        """The newest try that counts for or against it."""
        return max([*self.shown[-1:], *self.falls[-1:]], key=lambda one: one.at, default=None)


def standings(found: Sequence[Try], graph: SkillGraph, now: datetime) -> dict[str, Standing]:
    """The standing at the time `now` of every skill in the graph or in a try; `found` is oldest first."""
    known = {skill: Standing(skill) for skill in graph.skills}
    for one in found:
        tried = [known[skill] if skill in known else known.setdefault(skill, Standing(skill)) for skill in one.skills]
        for standing in tried if one.passed else _least_evidence(tried, known, graph):
            _count(standing, one)
    for standing in known.values():
        _fade(standing, now)
    _assume(known, graph)
    return known


def _least_evidence(tried: list[Standing], known: Mapping[str, Standing], graph: SkillGraph) -> list[Standing]:
    """The skills that a failed try counts against: those with the least evidence.

    A failed lab does not say which of its skills was missing. So the try counts against the skills that were never
    shown and are not assumed, if there are any; else against assumed ones; else against those shown once; else, where
    all are held, against all.
    """
    if len(tried) == 1:
        return tried
    assumed = graph.below(_able(known))
    weights = [_EVIDENCE[s.state] + (s.state is SkillState.NEVER and s.skill in assumed) for s in tried]
    return [standing for standing, weight in zip(tried, weights, strict=True) if weight == min(weights)]


# The evidence for a skill when a try fails; an assumed skill has one more than one never tried.
_EVIDENCE = {SkillState.NEVER: 0, SkillState.AGAIN: 0, SkillState.SHOWN: 2, SkillState.HELD: 3}


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
    """Whether a try without help differs in day, lab or values from an earlier passed one."""
    return not one.helped and any((old.day, old.lab, old.seed) != (one.day, one.lab, one.seed) for old in shown)


def _fade(standing: Standing, now: datetime) -> None:
    if not standing.shown:
        return
    standing.half_life = half_life(standing.shown, standing.falls)
    days = max(0.0, (now - standing.shown[-1].at) / timedelta(days=1))
    standing.recall = float(2.0 ** (-days / standing.half_life))
    if standing.state in (SkillState.HELD, SkillState.SHOWN) and standing.recall < FADED:
        standing.state = SkillState.FADING


def half_life(shown: Sequence[Try], falls: Sequence[Try]) -> float:
    """The half-life in days. Tries on the same day count once, since only spaced repetition lasts."""
    best: dict[date, float] = {}
    for one in shown:
        best[one.day] = max(best.get(one.day, 0.0), HELPED if one.helped else 1.0)
    power = BIAS + sum(best.values()) - len({one.day for one in falls})
    return float(min(LONGEST, max(SHORTEST, 2.0 ** min(power, 16.0))))


def _assume(known: dict[str, Standing], graph: SkillGraph) -> None:
    """Assume the skills that shown or held ones require, unless they were tried."""
    for skill in graph.below(_able(known)):
        if known[skill].state is SkillState.NEVER:
            known[skill].state = SkillState.ASSUMED
