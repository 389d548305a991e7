"""Draws an exam's labs by domain, difficulty and seed, and reports where the catalogue has too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from rung.runner.core.seeded_random import number, shuffled
from rung.runner.exams.definition import Draw
from rung.runner.lab.difficulties import DIFFICULTIES


@dataclass(frozen=True)
class DrawCandidate:
    """A lab that may be drawn."""

    lab: str
    domain: str
    difficulty: str
    minutes: int
    lacking: tuple[str, ...] = ()  # why it cannot run here


@dataclass(frozen=True)
class Shortfall:
    """A domain with fewer labs than the exam asks for."""

    domain: str
    wanted: int
    found: int


@dataclass(frozen=True)
class Drawn:
    """The labs that were drawn, in the exam's order, and what could not be drawn as asked."""

    labs: tuple[str, ...]
    seats: Mapping[str, int] = field(default_factory=dict)  # domain -> questions asked for
    shortfalls: tuple[Shortfall, ...] = ()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lab -> why it cannot run here
    difficulty: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # (asked for, drawn), where they differ


def draw(spec: Draw, minutes: int, shares: Mapping[str, int], pool: Sequence[DrawCandidate], seed: int) -> Drawn:
    """Draw the labs of an exam.

    minutes: how long the exam takes; shares: domain -> its share of the questions.
    The result depends on `seed`, `spec`, `shares` and the labs in the pool, not on the order of the pool. The result
    names labs that were skipped because they cannot run here, and domains with too few labs; no other domain fills
    their seats.
    """
    pool = [lab for lab in pool if lab.lab not in spec.without]
    seats = apportioned(spec.questions, shares)
    mix_shares = {str(name): share for name, share in spec.difficulty.items()}
    wanted = apportioned(spec.questions, {name: mix_shares.get(name, 0) for name in DIFFICULTIES})
    usable = [lab for lab in pool if not lab.lacking]
    chosen = _chosen(seats, usable, seed)
    if spec.difficulty:
        chosen = _mixed(chosen, usable, wanted, seed)
    if spec.pace is not None:
        chosen = _fitted(chosen, usable, int(minutes * spec.pace), seed)
    names = [lab.lab for lab in chosen]
    counts = {name: sum(lab.domain == name for lab in chosen) for name in seats}
    mix = {name: (wanted[name], sum(lab.difficulty == name for lab in chosen)) for name in wanted}
    return Drawn(
        labs=tuple(shuffled(seed, "order", names)),
        seats=seats,
        shortfalls=tuple(Shortfall(name, seats[name], counts[name]) for name in seats if counts[name] < seats[name]),
        left_out={lab.lab: lab.lacking for lab in _by_name(pool) if lab.lacking and seats.get(lab.domain)},
        difficulty={name: pair for name, pair in mix.items() if pair[0] != pair[1]} if spec.difficulty else {},
    )


def apportioned(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """`total` things given out by shares, each its whole part and what is left to the largest rests.

    Of equal rests the larger share comes first, then the one that stands first. Nothing to a share of 0.
    """
    whole = sum(shares.values())
    if not whole:
        return dict.fromkeys(shares, 0)
    exact = {name: Fraction(total * share, whole) for name, share in shares.items()}
    given = {name: int(part) for name, part in exact.items()}
    order = list(shares)
    by_rest = sorted(order, key=lambda name: (given[name] - exact[name], -shares[name], order.index(name)))
    for name in by_rest[: total - sum(given.values())]:
        given[name] += 1
    return given


def _chosen(seats: Mapping[str, int], usable: Sequence[DrawCandidate], seed: int) -> list[DrawCandidate]:
    """For each domain as many labs as it has seats: those that come first in the seed's order."""
    chosen: list[DrawCandidate] = []
    for name, count in seats.items():
        own = [lab for lab in usable if lab.domain == name]
        chosen += sorted(own, key=lambda lab: (number(seed, "lab", lab.lab), lab.lab))[:count]
    return chosen


Change = tuple[DrawCandidate, DrawCandidate]  # a chosen lab, and another of its domain to take its place


def _changes(chosen: Sequence[DrawCandidate], usable: Sequence[DrawCandidate], seed: int) -> list[Change]:
    """All changes of a chosen lab for another of its domain, in the seed's order."""
    pairs = [(old, new) for old in chosen for new in usable if new.domain == old.domain and new not in chosen]
    return sorted(pairs, key=lambda pair: (number(seed, "change", pair[0].lab, pair[1].lab), pair[0].lab, pair[1].lab))


def _changed(chosen: Sequence[DrawCandidate], change: Change) -> list[DrawCandidate]:
    return [change[1] if lab is change[0] else lab for lab in chosen]


def _mixed(
    chosen: list[DrawCandidate], usable: Sequence[DrawCandidate], wanted: Mapping[str, int], seed: int
) -> list[DrawCandidate]:
    """The labs, after changing labs of a too frequent difficulty for labs of a too rare one, as far as possible."""
    while True:
        over = {name: sum(lab.difficulty == name for lab in chosen) - wanted[name] for name in wanted}
        helping = (
            pair for pair in _changes(chosen, usable, seed)
            if over[pair[0].difficulty] > 0 and over[pair[1].difficulty] < 0
        )  # fmt: skip
        change = next(helping, None)
        if change is None:
            return chosen
        chosen = _changed(chosen, change)


def _fitted(chosen: list[DrawCandidate], usable: Sequence[DrawCandidate], limit: int, seed: int) -> list[DrawCandidate]:
    """The labs, after changing long ones for shorter ones until they fit into `limit` minutes or no change is left.

    Changes that keep the difficulty come first.
    """
    while sum(lab.minutes for lab in chosen) > limit:
        shorter = [pair for pair in _changes(chosen, usable, seed) if pair[1].minutes < pair[0].minutes]
        if not shorter:
            break
        alike = [pair for pair in shorter if pair[0].difficulty == pair[1].difficulty]
        chosen = _changed(chosen, (alike or shorter)[0])
    return chosen


def _by_name(labs: Sequence[DrawCandidate]) -> list[DrawCandidate]:
    return sorted(labs, key=lambda lab: lab.lab)
