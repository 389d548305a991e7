"""Numbers that depend on a seed and on words, and on nothing else: the same on every computer and Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def number(seed: int, *words: str, separator: str = "\0") -> int:
    """A number of 256 bits for a seed and words, joined by `separator`."""
    text = separator.join([str(seed), *words])
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def shuffled(seed: int, what: str, names: Sequence[str]) -> list[str]:
    """Names in an order that the seed gives; `what` tells one shuffle from another."""
    return sorted(names, key=lambda name: (number(seed, what, name), name))
