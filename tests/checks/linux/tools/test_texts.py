"""Text compared by line, pattern and whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rung.checks.linux.tools.texts import backticked, content_reasons, line_reasons, lines_of, pattern_reasons


@given(st.text())
def test_a_text_equals_itself(text: str) -> None:
    assert list(content_reasons("x", text, text)) == []
    assert list(line_reasons("x", text, lines_of(text))) == []


@given(st.text(), st.text())
def test_different_texts_have_one_reason(one: str, other: str) -> None:
    assert len(list(content_reasons("x", one, other))) == (one != other)


def test_a_line_is_whole_and_a_pattern_is_not() -> None:
    text = "Maximum 160\n"
    assert list(pattern_reasons("x", text, ["Maximum 1"])) == []
    assert list(line_reasons("x", text, ["Maximum 1"])) == ["x: expected the line `Maximum 1`, found `Maximum 160`"]


def test_only_a_newline_ends_a_line() -> None:
    assert lines_of("a\x0bb\u2028c\nd") == ["a\x0bb\u2028c", "d"]
    assert lines_of("") == []


def test_long_texts_are_cut() -> None:
    assert backticked("a\nb") == "`a\\nb`"
    assert backticked("x" * 200, 10) == "`xxxxxxxxxx`..."
