"""Systemd's calendar: notations of one schedule are equal, others are not."""

from __future__ import annotations

import calendar as standard
import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.core.machine import Machine
from rung.checks.linux.tools.systemd_calendar import (
    NotNormalised,
    days_of_year,
    parse_calendar,
    repeat_bits,
    same_calendar_times,
)


def same(some: list[str], others: list[str]) -> bool:
    return same_calendar_times([parse_calendar(t) for t in some], [parse_calendar(t) for t in others])


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (["*-*-* *:00/15:00"], ["*-*-* *:00,15,30,45:00"]),
        (["*-*-* *:00/15:00"], ["*-*-* *:00/30:00", "*-*-* *:15/30:00"]),
        (["Mon..Fri *-*-* 09:15:00"], ["Mon,Tue,Wed,Thu,Fri *-*-* 09:15:00"]),
        (["*-*-* 00:00:00 UTC"], ["*-*-* 00:00:00"]),
        (["*-*~01 00:00:00"], ["*-01,03,05,07,08,10,12-31 00:00:00", "*-04,06,09,11-30 00:00:00", "*-02-29 00:00:00"]),
        (["*-*~07/1 01:00:00"], ["*-*~01..07 01:00:00"]),
        (["*-01/3-01 00:00:00"], ["*-01,04,07,10-01 00:00:00"]),
    ],
)
def test_one_schedule_in_two_notations_is_one(some: list[str], others: list[str]) -> None:
    assert same(some, others)


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (["*-*-* *:00/15:00"], ["*-*-* *:00/20:00"]),
        (["*-*-* 09:15:00"], ["*-*-* 09:15:30"]),
        (["*-02-29 00:00:00"], ["*-02-28 00:00:00"]),
        (["2027-01-01 00:00:00"], ["2029-01-01 00:00:00"]),
        (["*-*-* 09:00:00"], ["*-*-* 09:00:00 Europe/Berlin"]),
        (["*-*-* 09:00:00"], []),
        (["*-*-01 00:00:00"], ["*-*~01 00:00:00"]),
    ],
)
def test_two_schedules_are_two(some: list[str], others: list[str]) -> None:
    assert not same(some, others)


@pytest.mark.parametrize("text", ["daily", "", "*-*-* 00:00:10.500000", "Mo *-*-* 00:00:00", "*-*-x 00:00:00"])
def test_what_is_not_in_normalised_form_is_refused(text: str) -> None:
    with pytest.raises(NotNormalised):
        parse_calendar(text)


def test_the_simulated_year_has_every_day_once() -> None:
    days = days_of_year(2028)
    assert len(days) == len(set(days)) == 366
    assert days[59] == (2, 29, 29, 1)


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 5)))
def test_spread_puts_the_bits_where_they_belong(bits: set[int], places: set[int]) -> None:
    spread_out = repeat_bits(repeat_bits(1, bits), places, 41)
    assert {n for n in range(41 * 6) if spread_out >> n & 1} == {p * 41 + b for p in places for b in bits}


EXPRESSIONS = [
    "Mon..Fri 9:15", "*:0/15", "weekly", "*-*~3", "quarterly", "*-*~07/1", "Mon *-*~07/1", "*-*~02..05",
    "*-*~10/3", "*-*-1/10 0/6:30", "*-*~1..10/3", "Sat,Sun,Mon 3:00",
]  # fmt: skip


@pytest.mark.machines
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_elapses_are_those_that_systemd_computes(node1: Machine, expression: str) -> None:
    base = datetime(2028, 1, 1)
    command = "systemd-analyze calendar --iterations=60 --base-time='2028-01-01 00:00:00' %s"
    text = node1.text(command, expression) or ""
    found = re.search(r"Normalized form: (.*)", text)
    assert found is not None
    time = parse_calendar(found[1])
    dates = re.findall(r"(?:elapse|#\d+): \w+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", text)
    wanted = [datetime.fromisoformat(d) for d in dates]
    assert len(wanted) == 60
    computed, day = [], base
    while len(computed) <= 60:
        length = standard.monthrange(day.year, day.month)[1]
        if time.on(day.year, day.month, day.day, length, day.weekday()):
            computed += [day + timedelta(seconds=s) for s in range(86400) if time.seconds >> s & 1]
        day += timedelta(days=1)
    assert [t for t in computed if t > base][:60] == wanted
