"""Numbers that depend on a seed and on words, and on nothing else: the same on every computer and Python."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction


def number(seed: int, *words: str) -> int:
    """A number of 256 bits for a seed and words."""
    text = "\0".join([str(seed), *words])
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def lab_seed(seed: int, lab: str) -> int:
    """The seed of a lab's values within an exam, 1 to 999,999."""
    return 1 + number(seed, "values", lab) % 999_999


def shuffled(seed: int, what: str, names: Sequence[str]) -> list[str]:
    """Names in an order that the seed gives; `what` tells one shuffle from another."""
    return sorted(names, key=lambda name: (number(seed, what, name), name))


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
