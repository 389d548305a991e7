"""Values drawn by seed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.lab.seeded_values import ValueMistake, as_variable, draw


def test_a_seed_draws_the_same_everywhere() -> None:
    """These results are fixed for good: a seed that is written down must give the same lab again."""
    assert draw("person", ["alice", "bruno", "chidi"], 1) == "chidi"
    assert draw("uid", {"range": [2001, 2999]}, 1) == 2933
    assert draw("two", {"sample": 2, "from": ["a", "b", "c", "d"]}, 1) == ["d", "c"]
    assert [draw("uid", {"range": [1, 10**12]}, seed) for seed in (0, 7, -1, 2**40)] == [
        359586196689, 531310005989, 272625653081, 374852539296,
    ]  # fmt: skip
    assert draw("many", {"sample": 6, "from": list(range(20))}, 7) == [16, 3, 11, 17, 14, 2]


def test_a_seed_draws_the_same_in_every_process() -> None:
    code = "from rung.runner.lab.seeded_values import draw; print([draw('a', list('abcdefgh'), n) for n in range(20)])"
    command = [sys.executable, "-c", code]
    hashing = ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    runs = {subprocess.run(command, env=env, capture_output=True, check=True).stdout for env in hashing}
    assert len(runs) == 1


def test_seeds_and_names_differ() -> None:
    assert len({draw("uid", {"range": [1, 10**6]}, seed) for seed in range(50)}) == 50
    assert len({draw(f"v{number}", {"range": [1, 10**6]}, 1) for number in range(50)}) == 50
    assert {draw("x", ["a", "b", "c"], seed) for seed in range(50)} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("name", "spec", "sentence", "where"),
    [
        ("X", ["a"], "`X`: a value's name is lower-case letters, digits and `_`, first a letter", ()),
        ("no_proxy", ["a"], "`no_proxy` means something else already: choose another name", ()),
        ("x", None, "`x`: expected a list, {range: [a, b]} or {sample: n, from: [...]}", ()),
        ("x", {"rang": [1, 2]}, "`x`: expected a list, {range: [a, b]} or {sample: n, from: [...]}", ()),
        ("x", [], "expected a list with at least one entry", ()),
        ("x", ["a", ["b"]], "expected text or a number", (1,)),
        ("x", ["a" * 1001], "longer than 1000 characters", (0,)),
        ("x", ["a\nb"], "holds a line break or another character that cannot be printed", (0,)),
        ("x", [1] * 1001, "more than 1000 entries", ()),
        ("x", {"range": [2, 1]}, "expected two whole numbers, the smaller one first", ("range",)),
        ("x", {"range": [True, 5]}, "expected two whole numbers, the smaller one first", ("range",)),
        ("x", {"range": 5}, "expected two whole numbers, the smaller one first", ("range",)),
        ("x", {"sample": 3, "from": ["a", "b"]}, "expected a whole number from 1 to 2", ("sample",)),
        ("x", {"sample": 1, "from": ["a b"]}, "expected one word: scripts get a sample joined by spaces", ("from", 0)),
        ("x", {"sample": 1, "from": ["a", "a"]}, "an entry stands here twice", ("from",)),
        ("x", {"sample": 500, "from": ["a" * 100 + str(n) for n in range(500)]},
         "the sample is longer than 10000 characters", ("sample",)),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(name: str, spec: Any, sentence: str, where: tuple[str | int, ...]) -> None:
    with pytest.raises(ValueMistake) as caught:
        draw(name, spec, 1)
    assert (str(caught.value), caught.value.where) == (sentence, where)


@given(st.integers(), st.lists(st.integers(), min_size=1, max_size=20, unique=True), st.data())
def test_what_is_drawn_is_among_what_was_offered(seed: int, pool: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(pool)))
    sample = draw("s", {"sample": count, "from": pool}, seed)
    assert len(set(sample)) == count
    assert set(sample) <= set(pool)
    assert draw("c", pool, seed) in pool
    assert min(pool) <= draw("r", {"range": [min(pool), max(pool)]}, seed) <= max(pool)


def test_variables_are_plain_text() -> None:
    assert [as_variable(value) for value in ("x", 5, True, ["a", 1], 1.5)] == ["x", "5", "true", "a 1", "1.5"]
