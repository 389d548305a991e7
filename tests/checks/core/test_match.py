"""An expected part and an actual whole: what is lacking, and where."""

from __future__ import annotations

import copy
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.core.match import Difference, differences

SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=3)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("expected", "actual", "sentences"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": 1}, {"a": 2}, ["a: expected 1, found 2"]),
        ({"a": {"b": "x"}}, {"a": {}}, ['a.b: expected "x", found nothing']),
        ({"a.b": 1}, {}, ['["a.b"]: expected 1, found nothing']),
        ({"a": {"b": 1}}, {"a": [1]}, ['a: expected {"b": 1}, found [1]']),
        (5, "5", ['expected 5, found "5"']),
        (1, 1.0, []),
        (1, True, ["expected 1, found true"]),
        (None, False, ["expected null, found false"]),
        ([2, 1], [1, 2, 3], []),
        ([1, 1], [1, 2], ["expected an entry 1, found [1, 2]"]),
        ([], [1], []),
        ([{"name": "web", "port": 80}], [{"name": "web", "port": 81}], ["[0].port: expected 80, found 81"]),
        ({"p": [{"port": 80}]}, {"p": [{"port": 81}]}, ['p: expected an entry {"port": 80}, found [{"port": 81}]']),
        ({"a": 1, "b": 2}, {"a": 3, "b": 4}, ["a: expected 1, found 3", "b: expected 2, found 4"]),
    ],
)  # fmt: skip
def test_every_difference_is_told_with_its_path(expected: Any, actual: Any, sentences: list[str]) -> None:
    assert [str(d) for d in differences(expected, actual)] == sentences


def test_the_given_path_comes_first() -> None:
    assert differences({"a": 1}, {}, "spec") == [Difference("spec.a", "1", "nothing")]


def test_a_long_value_is_shortened() -> None:
    (difference,) = differences("x", "y" * 500)
    assert difference.found == '"' + "y" * 76 + "..."


def test_a_vague_entry_leaves_the_precise_one_its_partner() -> None:
    assert differences([{}, {"a": 1}], [{"a": 1}, {"b": 2}]) == []
    assert differences([{}, {"a": 1}, {"b": 2}], [{"a": 1}, {"b": 2}, {}]) == []


@given(TREES)
def test_everything_contains_itself(tree: Any) -> None:
    assert differences(tree, copy.deepcopy(tree)) == []


@given(TREES, st.data())
def test_what_is_left_after_removing_parts_is_contained(tree: Any, data: st.DataObject) -> None:
    assert differences(_thinned(tree, data), tree) == []


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 1)), max_size=4), st.data())
def test_lists_match_exactly_where_some_assignment_does(actual: list[Any], data: st.DataObject) -> None:
    entries = st.dictionaries(st.sampled_from("abc"), st.integers(0, 1), max_size=2)
    expected = data.draw(st.lists(entries, max_size=4))
    possible = len(expected) <= len(actual) and any(
        all(not differences(e, a) for e, a in zip(expected, order, strict=True))
        for order in permutations(actual, len(expected))
    )
    assert (differences(expected, actual) == []) == possible


@given(TREES, TREES)
def test_a_difference_is_told_where_there_is_one_and_never_raises(expected: Any, actual: Any) -> None:
    before = copy.deepcopy((expected, actual))
    first = differences(expected, actual)
    assert first == differences(expected, actual)
    assert (expected, actual) == before


def _thinned(tree: Any, data: st.DataObject) -> Any:
    """The tree without some keys and entries, its lists in another order."""
    if isinstance(tree, dict):
        return {key: _thinned(value, data) for key, value in tree.items() if data.draw(st.booleans())}
    if isinstance(tree, list):
        kept = [_thinned(value, data) for value in tree if data.draw(st.booleans())]
        return data.draw(st.permutations(kept))
    return tree
