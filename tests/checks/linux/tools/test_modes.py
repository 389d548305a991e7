"""Modes, whichever way they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.linux.tools.modes import octal, parse_mode


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("0640", 0o640),
        ("640", 0o640),
        ("u=rw,g=r,o=", 0o640),
        ("a=rx,u+w", 0o755),
        ("=r", 0o444),
        ("u=rwx,g=rwxs,o=", 0o2770),
        ("a=rwxt", 0o1777),
        ("u=rwxs,go=rx", 0o4755),
        ("0", 0),
    ],
)
def test_a_mode_is_a_number(text: str, mode: int) -> None:
    assert parse_mode(text) == mode


@pytest.mark.parametrize("text", ["", "8", "0o640", "rw-r-----", "u-w", "u=rw;g=r", "12345", "u=rw,"])
def test_what_is_no_mode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no mode; write it as"):
        parse_mode(text)


@given(st.integers(0, 0o7777))
def test_every_mode_survives_being_shown(mode: int) -> None:
    assert parse_mode(octal(mode)) == mode
