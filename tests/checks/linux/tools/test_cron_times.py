"""Cron's five fields, against a brute-force evaluation of each minute of a year."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.checks.linux.tools.cron_times import MACROS, BadCronTime, CronTime, parse_cron_time, same_cron_times
from rung.checks.linux.tools.systemd_calendar import YEAR

RANGES = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]


@st.composite
def fields(draw: st.DrawFn, low: int, high: int) -> tuple[str, frozenset[int]]:
    """A field as text, and the values that it means."""
    words, values = [], set()
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(low, high))
        last = draw(st.integers(first, high))
        step = draw(st.integers(1, 20))
        shape = draw(st.sampled_from(["one", "range", "step", "all", "every"]))
        word, found = {
            "one": (f"{first}", range(first, first + 1)),
            "range": (f"{first}-{last}", range(first, last + 1)),
            "step": (f"{first}-{last}/{step}", range(first, last + 1, step)),
            "all": ("*", range(low, high + 1)),
            "every": (f"*/{step}", range(low, high + 1, step)),
        }[shape]
        words.append(word)
        values.update(found)
    return ",".join(words), frozenset(values)


LINES = st.tuples(*(fields(low, high) for low, high in RANGES))


def brute(line: tuple[tuple[str, frozenset[int]], ...], moment: datetime) -> bool:
    """Whether cron runs the line in that minute, as crontab(5) words it."""
    (_, minutes), (_, hours), (day_text, days), (_, months), (week_text, weekdays) = line
    if moment.minute not in minutes or moment.hour not in hours or moment.month not in months:
        return False
    weekday = moment.isoweekday()
    by_month, by_week = moment.day in days, weekday in weekdays or (weekday == 7 and 0 in weekdays)
    if day_text.startswith("*") or week_text.startswith("*"):
        return by_month and by_week
    return by_month or by_week


@given(LINES, st.lists(st.integers(0, 366 * 1440 - 1), min_size=1, max_size=60))
@settings(deadline=None)
def test_a_job_runs_in_the_minutes_that_brute_force_finds(
    line: tuple[tuple[str, frozenset[int]], ...], minutes: list[int]
) -> None:
    time = parse_cron_time(" ".join(text for text, _ in line))
    for minute in minutes:
        moment = datetime(YEAR, 1, 1) + timedelta(minutes=minute)
        runs = time.on(moment.month, moment.day, moment.weekday()) and bool(
            time.mask >> (moment.hour * 60 + moment.minute) & 1
        )
        assert runs == brute(line, moment)


@given(LINES, LINES)
@settings(deadline=None, max_examples=30)
def test_schedules_are_equal_just_where_their_minutes_are(
    one: tuple[tuple[str, frozenset[int]], ...], other: tuple[tuple[str, frozenset[int]], ...]
) -> None:
    def times(line: tuple[tuple[str, frozenset[int]], ...]) -> set[tuple[int, int]]:
        time = parse_cron_time(" ".join(t for t, _ in line))
        year = [datetime(YEAR, 1, 1) + timedelta(days=d) for d in range(366)]
        return {(d.month, d.day, time.mask) for d in year if time.mask and time.on(d.month, d.day, d.weekday())}

    texts = [" ".join(t for t, _ in line) for line in (one, other)]
    assert same_cron_times([parse_cron_time(texts[0])], [parse_cron_time(texts[1])]) == (times(one) == times(other))
    assert same_cron_times([parse_cron_time(texts[0])], [parse_cron_time(texts[0])] * 2)


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (["15 9 * * 1-5"], ["15 9 * * mon-fri"]),
        (["15 9 * * 1-5"], ["15 9 * * 1-3", "15 9 * * THU,fri"]),
        (["0 0 * * 0"], ["0 0 * * 7"]),
        (["0 0 * * *"], ["@daily"]),
        (["@midnight"], ["@daily"]),
        (["@annually"], ["0 0 1 jan *"]),
        (["*/15 * * * *"], ["0,15,30,45 * * * *"]),
        (["0 0 * * 0-6"], ["0 0 * * *"]),
        (["@reboot"], ["@reboot"]),
        (["5;7 * * * *"], ["5 * * * *"]),  # cron skips what follows a number
    ],
)
def test_one_schedule_in_two_notations_is_one(some: list[str], others: list[str]) -> None:
    assert same_cron_times([parse_cron_time(t) for t in some], [parse_cron_time(t) for t in others])


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (["15 9 * * 1-5"], ["15 9 1-5 * *"]),
        (["15 9 * * 1-5"], ["15 9 * * 1-5", "* * * * *"]),
        (["0 0 1 * 1"], ["0 0 1 * *"]),  # both days restrict: either is enough
        (["0 0 */2 * 1"], ["0 0 1-31/2 * 1"]),  # one begins with *: both are needed
        (["@reboot"], ["@daily"]),
        (["0 0 29 2 *"], ["0 0 28 2 *"]),
        (["0 0 * * fri-mon"], ["0 0 * * 5,6,0,1"]),  # a range that goes backwards is empty
    ],
)
def test_two_schedules_are_two(some: list[str], others: list[str]) -> None:
    assert not same_cron_times([parse_cron_time(t) for t in some], [parse_cron_time(t) for t in others])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("60 * * * *", "minute"),
        ("5/10 * * * *", "minute"),
        ("1- * * * *", "minute"),
        ("*/0 * * * *", "minute"),
        ("*/2x * * * *", "minute"),
        ("1,, * * * *", "minute"),
        ("0 24 * * *", "hour"),
        ("0 0 0 * *", "day of month"),
        ("0 0 * janu *", "month"),
        ("0 0 * * 8", "day of week"),
        ("0 0 * *", "number of fields"),
        ("@sometimes", "time specifier"),
    ],
)
def test_what_cron_refuses_is_refused_with_the_field_s_name(text: str, what: str) -> None:
    with pytest.raises(BadCronTime) as refused:
        parse_cron_time(text)
    assert str(refused.value) == what


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadCronTime):
        assert isinstance(parse_cron_time(text), CronTime)


def test_every_macro_is_read() -> None:
    assert all(parse_cron_time(m) == parse_cron_time(fields) for m, fields in MACROS.items())
