"""Numbers that depend on a seed and on words."""

from __future__ import annotations

import pytest

from rung.runner.core.seeded_random import number, shuffled


@pytest.mark.parametrize(
    ("seed", "words", "separator", "last_digits"),
    [
        (7, (), "\0", 507514449),
        (7, ("a", "b"), "\0", 827306310),
        (1, ("uid", "0"), ":", 406197405),
        (1, ("uid", "2"), ":", 728453623),
        (-3, ("person", "1"), ":", 952369772),
    ],
)
def test_numbers_stay_the_same_for_ever(seed: int, words: tuple[str, ...], separator: str, last_digits: int) -> None:
    """A seed told to somebody else, or next year, must mean the same."""
    assert number(seed, *words, separator=separator) % 10**9 == last_digits


def test_an_order_stays_the_same_for_ever() -> None:
    assert shuffled(7, "order", ["a", "b", "c", "d"]) == ["c", "a", "b", "d"]
    assert shuffled(7, "order", ["d", "b", "a", "c"]) == ["c", "a", "b", "d"]
