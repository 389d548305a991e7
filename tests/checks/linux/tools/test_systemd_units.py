"""Properties of units: captured output of systemctl, and values in several notations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.linux.tools.systemd_units import Unit, parse_units, same_value

SHOWN = """\
TimersCalendar={ OnCalendar=*-*-* 06:00:00 ; next_elapse=n/a }
TimersCalendar={ OnCalendar=*-*-* 18:00:00 ; next_elapse=n/a }
Id=apt-daily.timer

Id=nosuch.service
LoadState=not-found
"""


def test_units_are_told_apart_and_repeated_properties_are_kept() -> None:
    first, second = parse_units(SHOWN)
    assert len(first.properties["TimersCalendar"]) == 2
    assert (first["Id"], second["Id"], second.exists) == ("apt-daily.timer", "nosuch.service", False)
    assert first["Nosuch"] == ""


@pytest.mark.parametrize(
    ("state", "wanted_by", "enabled"),
    [
        ("enabled", "", True),
        ("alias", "", True),
        ("static", "multi-user.target", True),
        ("generated", "multi-user.target", True),
        ("static", "", False),
        ("static", "other.service", False),
        ("enabled-runtime", "multi-user.target", False),
        ("disabled", "", False),
        ("masked", "multi-user.target", False),
    ],
)
def test_enabled_is_what_the_next_boot_starts(state: str, wanted_by: str, enabled: bool) -> None:
    assert Unit({"UnitFileState": [state], "WantedBy": [wanted_by]}).enabled is enabled


@pytest.mark.parametrize(
    ("want", "found"),
    [
        (12, "12"),
        ("12", "12"),
        (True, "yes"),
        ("true", "yes"),
        (False, "no"),
        ("200M", "209715200"),
        ("1G", "1073741824"),
        ("90s", "1min 30s"),
        (90, "1min 30s"),
        ("1h", "60min"),
        ("100ms", "100ms"),
        ("A=1 B=2", "B=2 A=1"),
        ("infinity", "infinity"),
        ("", ""),
    ],
)
def test_one_value_in_two_notations_is_one(want: str | int | bool, found: str) -> None:
    assert same_value(want, found)


@pytest.mark.parametrize(
    ("want", "found"),
    [(2, "20"), (12, "-12"), (True, "no"), ("200M", "200"), ("90s", "1min"), ("always", "on-failure"), (1, "")],
)
def test_two_values_are_two(want: str | int | bool, found: str) -> None:
    assert not same_value(want, found)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_texts_can_be_compared(want: str, found: str) -> None:
    assert same_value(want, want)
    assert isinstance(same_value(want, found), bool)
