"""Amounts: every suffix, exact, and equal by value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.kubernetes.tools.quantities import equal, quantity

DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
NUMBERS = st.decimals(-(10**6), 10**6, places=3, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("500m", "0.5"), ("500m", 0.5), ("1", "1000m"), ("1Gi", "1024Mi"), ("1Ki", 1024), ("1k", "1000"), ("1e3", "1k"),
        ("1E3", "1000"), ("1E", "1000P"), ("1.5Gi", "1536Mi"), (".5", "0.5"), ("5.", 5), ("+1", 1), ("-1", "-1000m"),
        ("1e-3", "1m"), ("0", "0Ki"), ("100n", "0.1u"), ("12e6", "12M"),
    ],
)  # fmt: skip
def test_the_same_amount_is_equal_however_it_is_written(one: Any, other: Any) -> None:
    assert equal(one, other)
    assert equal(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("1Gi", "1G"), ("500m", "500"), ("64Mi", "64"), ("1", "true"), ("x", "x"), (True, 1), ("", "")]
)
def test_other_amounts_and_what_is_none_are_not(one: Any, other: Any) -> None:
    assert not equal(one, other)


@pytest.mark.parametrize(
    "text", ["", "m", "1 Gi", "1gi", "1K", "1mi", "0x10", "1e", "1e1000", "1.2.3", "--1", "١", "nan", "inf"]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert quantity(text) is None


@given(NUMBERS, st.sampled_from(sorted(DECIMAL)))
def test_a_decimal_suffix_multiplies_exactly(number: Decimal, suffix: str) -> None:
    assert quantity(f"{number:f}{suffix}") == number.scaleb(DECIMAL[suffix])


@given(NUMBERS, st.sampled_from(sorted(BINARY)))
def test_a_binary_suffix_multiplies_exactly(number: Decimal, suffix: str) -> None:
    assert quantity(f"{number:f}{suffix}") == number * 1024 ** BINARY[suffix]


@given(st.integers(-(10**9), 10**9), st.integers(-9, 18))
def test_an_exponent_is_as_good_as_a_suffix(number: int, power: int) -> None:
    assert quantity(f"{number}e{power}") == Decimal(number).scaleb(power)


@given(st.text(max_size=12))
def test_no_text_makes_it_raise(text: str) -> None:
    found = quantity(text)
    assert found is None or found == found.real
