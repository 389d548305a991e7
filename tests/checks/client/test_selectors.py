"""Label selectors: written as text, as objects and as plain mappings."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.client.selectors import Requirement, Selector, selector, selector_text

KEYS = st.sampled_from(["app", "tier", "example.com/x"])
VALUES = st.sampled_from(["a", "b", "c-1", ""])
LABELS = st.dictionaries(KEYS, VALUES)
REQUIREMENTS = st.one_of(
    st.builds(Requirement, KEYS, st.sampled_from(["In", "NotIn"]), st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
    st.builds(Requirement, KEYS, st.sampled_from(["Exists", "DoesNotExist"])),
)


@pytest.mark.parametrize(
    ("wanted", "labels", "selected"),
    [
        ("a=b", {"a": "b"}, True),
        ("a==b", {"a": "c"}, False),
        ("a!=b", {}, True),
        ("a=b,c in (x, y),!d", {"a": "b", "c": "y"}, True),
        ("a=b,c in (x,y),!d", {"a": "b", "c": "y", "d": ""}, False),
        ("c notin (x,y)", {}, True),
        ("c notin (x,y)", {"c": "x"}, False),
        ("example.com/role", {"example.com/role": ""}, True),
        ("a=", {"a": ""}, True),
        ("", {"any": "thing"}, True),
        ({}, {}, True),
        (None, None, True),
        ({"app": "web"}, {"app": "web", "x": "y"}, True),
        ({"debug": True}, {"debug": "true"}, True),
        ({"matchLabels": {"app": "web"}}, {"app": "db"}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, {"a": "2"}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, {}, True),
        ({"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "b", "operator": "Exists"}]}, {"a": "1"}, False),
        ({"matchExpressions": [{"key": "b", "operator": "DoesNotExist"}]}, {"b": "x"}, False),
    ],
)
def test_what_a_selector_selects(wanted: Any, labels: dict[str, str], selected: bool) -> None:
    assert selector(wanted).selects(labels) is selected


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("a b", "`a b` is no condition on labels (a=b, a!=b, a in (b,c), a notin (b,c), a, !a)"),
        ("a in (b", "`a in (b` is no condition on labels (a=b, a!=b, a in (b,c), a notin (b,c), a, !a)"),
        (
            {"matchExpressions": [{"key": "a", "operator": "in", "values": ["b"]}]},
            "expected the operator In, NotIn, Exists or DoesNotExist, found 'in'",
        ),
        ({"matchExpressions": [{"key": "a", "operator": "In"}]}, "In and 0 values do not go together"),
        (
            {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]},
            "Exists and 1 values do not go together",
        ),
        ({"app": ["a"]}, "expected the value of a label, found ['a']"),
    ],
)
def test_a_mistake_is_told(wanted: Any, told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        selector(wanted)


@given(st.lists(REQUIREMENTS, max_size=4), LABELS)
def test_the_text_of_a_selector_selects_what_it_selects(
    requirements: list[Requirement], labels: dict[str, str]
) -> None:
    wanted = Selector(tuple(requirements))
    assert selector(str(wanted)).selects(labels) == wanted.selects(labels)


@given(LABELS)
def test_labels_as_a_selector_select_their_owner(labels: dict[str, str]) -> None:
    assert selector(labels).selects(labels)
    assert selector({"matchLabels": labels}) == selector(selector_text(labels))


@given(REQUIREMENTS, LABELS)
def test_in_and_exists_are_the_opposites_of_their_opposites(requirement: Requirement, labels: dict[str, str]) -> None:
    opposite = {"In": "NotIn", "NotIn": "In", "Exists": "DoesNotExist", "DoesNotExist": "Exists"}
    other = Requirement(requirement.key, opposite[requirement.operator], requirement.values)
    assert requirement.holds(labels) != other.holds(labels)
