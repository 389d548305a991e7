"""systemd's normalised calendar expressions, evaluated over a simulated year.

`systemd-analyze calendar` converts every notation into one form (`Mon..Fri *-*-* 09:15:00`), but that form is not
unique: `*:0/15` and `*:00,15,30,45` mean the same. So both sides are expanded to the seconds of each day of a year
and compared as sets.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

YEAR = 2028  # the simulated year: a leap year, so that 29 February counts
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FORM = re.compile(
    r"(?:(?P<weekday>[A-Z][A-Za-z.,]*) )?(?P<year>[^\s~-]+)-(?P<month>[^\s~-]+)(?P<from_end>[~-])(?P<day>\S+)"
    r" (?P<hour>[^\s:]+):(?P<minute>[^\s:]+):(?P<second>\S+)(?: (?P<zone>\S+))?$"
)
_PART = re.compile(r"(?P<first>\d+|\*)(?:\.\.(?P<last>\d+))?(?:/(?P<step>\d+))?$")


class NotNormalised(ValueError):
    """An expression that is not in systemd's normalised form, or that counts parts of a second."""


@dataclass(frozen=True)
class CalendarPart:
    """One alternative of a component: first, first + step, ... up to last."""

    first: int
    last: int
    step: int

    def values(self) -> range:
        """All values of the alternative."""
        return range(self.first, self.last + 1, self.step)


@dataclass(frozen=True)
class CalendarTime:
    """A parsed expression: which days, and which seconds of such a day (bit n: second n)."""

    weekdays: frozenset[int]
    years: tuple[CalendarPart, ...] | None  # None: every year
    months: frozenset[int]
    days: tuple[CalendarPart, ...]
    from_end: bool  # days count back from the month's last, which is 1
    seconds: int
    zone: str

    def on(self, year: int, month: int, day: int, last: int, weekday: int) -> bool:
        """Whether it elapses on that day, in a month of `last` days (weekday 0 is Monday)."""
        if weekday not in self.weekdays or month not in self.months:
            return False
        if self.years is not None and not any(year in p.values() for p in self.years):
            return False
        if not self.from_end:
            return any(day in p.values() for p in self.days)
        return any(day in _from_end(p, last) for p in self.days)

    def named_years(self) -> set[int]:
        """The first years that it names; they are simulated too, so that it elapses in one of them."""
        return {y for p in self.years or () for y in list(p.values())[:5]}


def _from_end(part: CalendarPart, length: int) -> range:
    """The days that `~first..last/step` means in a month of `length` days; steps count from the earliest."""
    start = length - part.last + 1
    # If the earliest day lies before the month, systemd counts from -1.
    return range(start if start > 0 else -1, length - part.first + 2, part.step)


def parse_calendar(text: str, local_zones: Iterable[str] = ("UTC",)) -> CalendarTime:
    """Parse an expression in normalised form.

    `local_zones` are names of the machine's own time zone; they mean the same as no zone.
    Raises NotNormalised.
    """
    form = _FORM.match(text.strip())
    if form is None:
        raise NotNormalised(text)
    zone = form["zone"] or ""
    second, minute, hour = (_numbers(form[k], 0, top) for k, top in (("second", 59), ("minute", 59), ("hour", 23)))
    return CalendarTime(
        weekdays=_weekdays(form["weekday"]),
        years=None if form["year"] == "*" else _parts(form["year"], 1970, 2199),
        months=_numbers(form["month"], 1, 12),
        days=_parts(form["day"], 1, 31, from_end=form["from_end"] == "~"),
        from_end=form["from_end"] == "~",
        seconds=repeat_bits(repeat_bits(repeat_bits(1, second), minute, 60), hour, 3600),
        zone="" if zone in local_zones else zone,
    )


def repeat_bits(bits: int, places: Iterable[int], width: int = 1) -> int:
    """`bits` repeated at each of `places`, which are `width` bits apart."""
    result = 0
    for place in places:
        result |= bits << (place * width)
    return result


def _numbers(text: str, low: int, high: int) -> frozenset[int]:
    return frozenset(n for part in _parts(text, low, high) for n in part.values())


def _parts(text: str, low: int, high: int, *, from_end: bool = False) -> tuple[CalendarPart, ...]:
    return tuple(_part(word, low, high, from_end) for word in text.split(","))


def _part(word: str, low: int, high: int, from_end: bool) -> CalendarPart:
    found = _PART.match(word)
    if found is None:
        raise NotNormalised(word)
    step = int(found["step"] or 1) or 1
    if found["first"] == "*":
        return CalendarPart(low, high, step)
    first, last = int(found["first"]), int(found["last"] or found["first"])
    if found["step"] is not None and found["last"] is None:
        # A step without an end runs to the end of the unit; that is 1 if days count back.
        return CalendarPart(low, first, step) if from_end else CalendarPart(first, high, step)
    return CalendarPart(first, last, step)


def _weekdays(text: str | None) -> frozenset[int]:
    if text is None:
        return frozenset(range(7))
    days: set[int] = set()
    for word in text.split(","):
        first, _, last = word.partition("..")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise NotNormalised(text)
        days.update(range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1))
    return frozenset(days)


@lru_cache(maxsize=16)
def days_of_year(year: int) -> tuple[tuple[int, int, int, int], ...]:
    """(month, day, days in that month, weekday with Monday 0) of every day of a year."""
    return tuple(
        (month, day, length, date(year, month, day).weekday())
        for month in range(1, 13)
        for length in (calendar.monthrange(year, month)[1],)
        for day in range(1, length + 1)
    )


def same_calendar_times(some: Sequence[CalendarTime], others: Sequence[CalendarTime]) -> bool:
    """Whether both lists of expressions elapse at the same seconds of the simulated year."""
    if {t.zone for t in some} != {t.zone for t in others}:
        return False
    years = {YEAR}.union(*(t.named_years() for t in (*some, *others)))
    return all(_union(some, y, d) == _union(others, y, d) for y in sorted(years) for d in days_of_year(y))


def _union(times: Sequence[CalendarTime], year: int, day: tuple[int, int, int, int]) -> int:
    """The seconds of a day at which any of the times elapses, as bits."""
    seconds = 0
    for time in times:
        if time.on(year, *day):
            seconds |= time.seconds
    return seconds
