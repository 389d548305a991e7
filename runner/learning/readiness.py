"""How ready a learner is for a track, domain by domain, and what score that lets expect. No I/O here.

The prediction is a weighted mean over the skills that the exam asks for. Each has a beta distribution: the prior is
Beta(1/2, 1), so one chance in three for what was never tried; each time that it was shown adds 1 to the first parameter
(one half with help, or where it is only assumed), a fall adds 1 to the second, one half less for each time that it was
shown since; all of it loses weight as the skill fades. Objectives of a domain weigh the same, skills of an objective
too, domains what the exam publishes. Any two skills are taken to be correlated by one half, for who is good at one
thing is often good at another. The range is the one that holds four fifths of the beta distribution with the mean and
the deviation that come out. Prior and correlation are chosen, not fitted: there are no data of learners to fit them to.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from rung.runner.learning import beta_distribution
from rung.runner.learning.skill_state import HELPED, SkillState, Standing, half_life

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Domain, Track

PRIOR = (0.5, 1.0)
CORRELATION = 0.5
CERTAINTY = 0.8  # how much of the distribution the range holds

# Whether a skill can be trained here: by a lab that runs here, by none that there is yet, or not on such machines.
Reach = Literal["lab", "no lab", "beyond reach"]
STATE_WORDS = (*(state.value for state in SkillState), "no lab", "beyond reach")


@dataclass(frozen=True)
class Prediction:
    """An expected share of the points, 0 to 1, and the range in which it lies with CERTAINTY."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class DomainReadiness:
    """One domain of a track."""

    id: str
    name: str
    weight: float  # its share of the exam, 0 to 1; 0 where the exam no longer asks for it
    published: bool  # whether the weight is the exam's own
    counts: Mapping[str, int]  # by the words of COLUMNS; words that count nothing are left out
    predicted: Prediction

    @property
    def skills(self) -> int:
        return sum(self.counts.values())

    @property
    def ready(self) -> float:
        """The share of its skills that are held, 0 to 1."""
        return self.counts.get(SkillState.HELD.value, 0) / self.skills if self.skills else 0.0


@dataclass(frozen=True)
class Readiness:
    """One track; the weakest of its domains first, those that are no longer asked for last."""

    track: str
    name: str
    pass_mark: str  # as the track says it
    domains: tuple[DomainReadiness, ...]
    counts: Mapping[str, int]
    predicted: Prediction

    @property
    def ready(self) -> float:
        """The share of the skills asked for that are held, 0 to 1."""
        total = sum(self.counts.values())
        return self.counts.get(SkillState.HELD.value, 0) / total if total else 0.0


def readiness(track: Track, standings: Mapping[str, Standing], reach: Mapping[str, Reach], now: datetime) -> Readiness:
    """Where a learner stands on a track."""
    weights = domain_weights(track)
    estimates = {skill: estimate(standings.get(skill) or Standing(skill), now) for skill in skill_weights(track)}
    domains = [_domain(domain, weights[domain.id], standings, reach, estimates) for domain in track.domains]
    domains.sort(key=lambda found: (not found.weight, round(found.predicted.mean, 6), -found.weight))
    asked = [skill for domain in track.domains if weights[domain.id] for skill in skills_in(domain)]
    return Readiness(
        track=track.id,
        name=track.name,
        pass_mark=track.facts.get("pass mark", ""),
        domains=tuple(domains),
        counts=_counted(dict.fromkeys(asked), standings, reach),
        predicted=predicted(skill_weights(track), estimates),
    )


def domain_weights(track: Track) -> dict[str, float]:
    """Domain -> its share of the exam, 0 to 1: the published one, else by the number of its objectives."""
    asked = [domain for domain in track.domains if domain.asked]
    published = sum(domain.weight or 0 for domain in asked)
    others = sum(len(domain.objectives) for domain in asked if domain.weight is None)
    found = {domain.id: 0.0 for domain in track.domains}
    for domain in asked:
        if domain.weight is not None:
            found[domain.id] = domain.weight / 100
        elif others:
            found[domain.id] = max(0, 100 - published) / 100 * len(domain.objectives) / others
    total = sum(found.values())
    return {name: weight / total if total else 0.0 for name, weight in found.items()}


def skill_weights(track: Track) -> dict[str, float]:
    """Skill -> its share of the exam, 0 to 1."""
    found: dict[str, float] = {}
    for domain in track.domains:
        for skill, share in _shares(domain).items():
            found[skill] = found.get(skill, 0.0) + share * domain_weights(track)[domain.id]
    return found


def _shares(domain: Domain) -> dict[str, float]:
    """Skill -> its share of a domain, 0 to 1."""
    found: dict[str, float] = {}
    for objective in domain.objectives:
        for skill in objective.skills:
            found[skill] = found.get(skill, 0.0) + 1 / len(domain.objectives) / len(objective.skills)
    return found


def skills_in(domain: Domain) -> list[str]:
    """The skills that a domain asks for, each once."""
    return list(dict.fromkeys(skill for objective in domain.objectives for skill in objective.skills))


def _domain(
    domain: Domain,
    weight: float,
    standings: Mapping[str, Standing],
    reach: Mapping[str, Reach],
    estimates: Mapping[str, tuple[float, float]],
) -> DomainReadiness:
    return DomainReadiness(
        id=domain.id,
        name=domain.name,
        weight=weight,
        published=domain.weight is not None,
        counts=_counted(skills_in(domain), standings, reach),
        predicted=predicted(_shares(domain), estimates),
    )


def _counted(skills: Iterable[str], standings: Mapping[str, Standing], reach: Mapping[str, Reach]) -> dict[str, int]:
    found = Counter(state_word(standings.get(skill) or Standing(skill), reach.get(skill, "no lab")) for skill in skills)
    return {word: found[word] for word in STATE_WORDS if found[word]}


def state_word(standing: Standing, reach: Reach) -> str:
    """What is said of a skill: its state; where it was never tried and cannot be here, that."""
    return reach if standing.state is SkillState.NEVER and reach != "lab" else standing.state.value


def estimate(standing: Standing, now: datetime) -> tuple[float, float]:
    """The mean and the standard deviation of the chance that a skill is shown when it is asked for now."""
    right, wrong = PRIOR
    life = standing.half_life or half_life((), standing.falls)
    for one in standing.shown:
        right += _left(one.at, now, life) * (HELPED if one.helped else 1.0)
    for one in standing.falls:
        since = sum(later.at > one.at for later in standing.shown)
        wrong += _left(one.at, now, life) * 0.5**since
    if standing.state is SkillState.ASSUMED:
        right += HELPED
    return _moments(right, wrong)


def _left(at: datetime, now: datetime, life: float) -> float:
    """How much of a try's weight is left, 0 to 1."""
    return float(2.0 ** (-max(0.0, (now - at) / timedelta(days=1)) / life))


def _moments(alpha: float, beta_: float) -> tuple[float, float]:
    total = alpha + beta_
    return alpha / total, math.sqrt(alpha * beta_ / (total * total * (total + 1)))


def predicted(weights: Mapping[str, float], estimates: Mapping[str, tuple[float, float]]) -> Prediction:
    """What to expect of skills, each with its mean and deviation, that weigh so much beside each other."""
    total = sum(weights.values()) or 1.0
    mean = sum(weight / total * estimates[skill][0] for skill, weight in weights.items())
    deviations = [weight / total * estimates[skill][1] for skill, weight in weights.items()]
    variance = CORRELATION * sum(deviations) ** 2 + (1 - CORRELATION) * sum(d * d for d in deviations)
    alpha, beta_ = beta_distribution.fitted(mean, math.sqrt(variance))
    edge = (1 - CERTAINTY) / 2
    return Prediction(
        mean, beta_distribution.quantile(edge, alpha, beta_), beta_distribution.quantile(1 - edge, alpha, beta_)
    )
