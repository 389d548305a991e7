"""A learner's readiness for a track by domain, and the predicted score. No I/O here.

The prediction is a weighted mean over the skills that the exam asks for. Each skill has a beta distribution. The prior
is Beta(1/2, 1): one chance in three for a skill never tried. Each passed try adds 1 to the first parameter (1/2 with
help, or for an assumed skill). Each failed try adds 1 to the second, halved for each passed try since. All of these
weights decrease as the skill fades. Domains have the weights that the exam publishes; objectives of a domain weigh the
same, and so do skills of an objective. Any two skills have a correlation of 1/2, since a learner good at one is often
good at another. The predicted range holds four fifths of the beta distribution with the resulting mean and standard
deviation. Prior and correlation are chosen, not fitted: there are no data of learners to fit them to.
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
CERTAINTY = 0.8  # share of the distribution within the predicted range

# Whether a skill can be trained: a lab for it runs here, no lab does, or containers and kind clusters cannot teach it.
Reach = Literal["lab", "no lab", "beyond reach"]
STATE_WORDS = (*(state.value for state in SkillState), "no lab", "beyond reach")


@dataclass(frozen=True)
class Prediction:
    """An expected share of the points, 0 to 1, and its range with a probability of CERTAINTY."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class DomainReadiness:
    """The readiness for one domain of a track."""

    id: str
    name: str
    weight: float  # its share of the exam, 0 to 1; 0 where the exam no longer asks for it
    published: bool  # whether the exam publishes the weight
    counts: Mapping[str, int]  # number of skills by STATE_WORDS, without zeros
    predicted: Prediction

    @property
    def skills(self) -> int:
        return sum(self.counts.values())

    @property
    def ready(self) -> float:
        """The share of held skills, 0 to 1."""
        return self.counts.get(SkillState.HELD.value, 0) / self.skills if self.skills else 0.0


@dataclass(frozen=True)
class Readiness:
    """The readiness for one track; its weakest domain comes first, domains that are no longer asked for come last."""

    track: str
    name: str
    pass_mark: str  # in the track's words
    domains: tuple[DomainReadiness, ...]
    counts: Mapping[str, int]
    predicted: Prediction

    @property
    def ready(self) -> float:
        """The share of held skills among those that the exam asks for, 0 to 1."""
        total = sum(self.counts.values())
        return self.counts.get(SkillState.HELD.value, 0) / total if total else 0.0


def readiness(track: Track, standings: Mapping[str, Standing], reach: Mapping[str, Reach], now: datetime) -> Readiness:
    """The readiness of a learner for a track at the time `now`."""
    weights = domain_weights(track)
    estimates = {skill: estimate(standings.get(skill) or Standing(skill), now) for skill in skill_weights(track)}
    domains = [_domain(domain, weights[domain.id], standings, reach, estimates) for domain in track.domains]
    domains.sort(key=lambda domain: (not domain.weight, round(domain.predicted.mean, 6), -domain.weight))
    asked = [skill for domain in track.domains if weights[domain.id] for skill in skills_in(domain)]
    return Readiness(
        track=track.id,
        name=track.name,
        pass_mark=track.facts.get("pass mark", ""),
        domains=tuple(domains),
        counts=_count_states(dict.fromkeys(asked), standings, reach),
        predicted=predict(skill_weights(track), estimates),
    )


def domain_weights(track: Track) -> dict[str, float]:
    """Domain -> its share of the exam, 0 to 1: the published weight, or else by the number of its objectives."""
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
        counts=_count_states(skills_in(domain), standings, reach),
        predicted=predict(_shares(domain), estimates),
    )


def _count_states(
    skills: Iterable[str], standings: Mapping[str, Standing], reach: Mapping[str, Reach]
) -> dict[str, int]:
    found = Counter(state_word(standings.get(skill) or Standing(skill), reach.get(skill, "no lab")) for skill in skills)
    return {word: found[word] for word in STATE_WORDS if found[word]}


def state_word(standing: Standing, reach: Reach) -> str:
    """The skill's state as a word of STATE_WORDS; for a skill never tried that no lab trains here, its reach."""
    return reach if standing.state is SkillState.NEVER and reach != "lab" else standing.state.value


def estimate(standing: Standing, now: datetime) -> tuple[float, float]:
    """The mean and standard deviation of the chance that the learner passes a try of the skill now."""
    right, wrong = PRIOR
    life = standing.half_life or half_life((), standing.falls)
    for passed in standing.shown:
        right += _remaining_weight(passed.at, now, life) * (HELPED if passed.helped else 1.0)
    for failed in standing.falls:
        passed_since = sum(passed.at > failed.at for passed in standing.shown)
        wrong += _remaining_weight(failed.at, now, life) * 0.5**passed_since
    if standing.state is SkillState.ASSUMED:
        right += HELPED
    return _moments(right, wrong)


def _remaining_weight(at: datetime, now: datetime, life: float) -> float:
    """The weight of a try, 0 to 1, which halves in each `life` (days)."""
    return float(2.0 ** (-max(0.0, (now - at) / timedelta(days=1)) / life))


def _moments(alpha: float, beta_: float) -> tuple[float, float]:
    total = alpha + beta_
    return alpha / total, math.sqrt(alpha * beta_ / (total * total * (total + 1)))


def predict(weights: Mapping[str, float], estimates: Mapping[str, tuple[float, float]]) -> Prediction:
    """The predicted score for skills with these relative weights and estimates (mean, standard deviation)."""
    total = sum(weights.values()) or 1.0
    mean = sum(weight / total * estimates[skill][0] for skill, weight in weights.items())
    deviations = [weight / total * estimates[skill][1] for skill, weight in weights.items()]
    variance = CORRELATION * sum(deviations) ** 2 + (1 - CORRELATION) * sum(d * d for d in deviations)
    alpha, beta_ = beta_distribution.fitted(mean, math.sqrt(variance))
    edge = (1 - CERTAINTY) / 2
    return Prediction(
        mean, beta_distribution.quantile(edge, alpha, beta_), beta_distribution.quantile(1 - edge, alpha, beta_)
    )
