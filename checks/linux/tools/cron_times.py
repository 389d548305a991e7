"""The five time fields of a crontab, as Vixie cron reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rung.checks.linux.tools.systemd_calendar import YEAR, days_of_year, repeat_bits

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# name, lowest, highest value, names of values from the lowest on
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 7, _WEEKDAYS),
)
MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_RANGE = re.compile(r"(?:(?P<all>\*)|(?P<first>[A-Za-z0-9]+)(?:-(?P<last>[A-Za-z0-9]+))?)(?P<step>/([A-Za-z0-9]*))?")


class BadCronTime(ValueError):
    """Fields that cron refuses; the message names the first bad one."""


@dataclass(frozen=True)
class CronTime:
    """When a job runs. `reboot`: only when cron starts."""

    minutes: frozenset[int] = frozenset()
    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()  # 0 is Sunday
    either: bool = False  # both day fields are restricted: a day needs to match only one of them
    reboot: bool = False

    @cached_property
    def mask(self) -> int:
        """The minutes of a day at which the job runs: bit n stands for minute n."""
        return repeat_bits(repeat_bits(1, self.minutes), self.hours, 60)

    def on(self, month: int, day: int, weekday: int) -> bool:
        """Whether the job runs on that day (weekday 0 is Monday)."""
        if self.reboot or month not in self.months:
            return False
        month_day_fits, weekday_fits = day in self.days, (weekday + 1) % 7 in self.weekdays
        return (month_day_fits or weekday_fits) if self.either else (month_day_fits and weekday_fits)


def parse_cron_time(text: str) -> CronTime:
    """Parse five fields, or a name such as @daily. Raises BadCronTime."""
    if text == "@reboot":
        return CronTime(reboot=True)
    if text.startswith("@") and text not in MACROS:
        raise BadCronTime("time specifier")
    words = MACROS.get(text, text).split()
    if len(words) != len(_FIELDS):
        raise BadCronTime("number of fields")
    sets = [_field(w, *f) for w, f in zip(words, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = sets
    # As in cron's source: if a day field begins with * (even */2), a day must match both fields.
    either = not words[2].startswith("*") and not words[4].startswith("*")
    return CronTime(minutes, hours, days, months, frozenset(d % 7 for d in weekdays), either)


def _field(word: str, name: str, low: int, high: int, names: Sequence[str]) -> frozenset[int]:
    values: set[int] = set()
    for item in word.split(","):
        found = _RANGE.match(item)
        # cron ignores what follows a number, a range or a step (`5;7` is 5), but rejects a step without a range.
        if found is None or (found["first"] and not found["last"] and item[found.end(2) :][:1] in ("-", "/")):
            raise BadCronTime(name)
        values.update(_range(found, name, low, high, names))
        if found.end() < len(item):
            break
    return frozenset(values)


def _range(found: re.Match[str], name: str, low: int, high: int, names: Sequence[str]) -> Iterable[int]:
    step = _number(found[5], name, 0, ()) if found["step"] else 1
    first, last = low, high
    if not found["all"]:
        first = _number(found["first"], name, low, names)
        last = _number(found["last"], name, low, names) if found["last"] else first
    if step < 1 or not (low <= first <= high and low <= last <= high):
        raise BadCronTime(name)
    return range(first, last + 1, step)


def _number(word: str, name: str, low: int, names: Sequence[str]) -> int:
    if word.lower() in names:
        return names.index(word.lower()) + low
    if not word.isdecimal():
        raise BadCronTime(name)
    return int(word)


def same_cron_times(some: Sequence[CronTime], others: Sequence[CronTime]) -> bool:
    """Whether both lists of times mean the same minutes of a simulated year, and both or neither @reboot."""
    if any(t.reboot for t in some) != any(t.reboot for t in others):
        return False
    days = [(month, day, weekday) for month, day, _, weekday in days_of_year(YEAR)]
    return all(_union(some, d) == _union(others, d) for d in days)


def _union(times: Sequence[CronTime], day: tuple[int, int, int]) -> int:
    """The minutes of a day at which any of the times runs, as bits."""
    minutes = 0
    for time in times:
        if time.on(*day):
            minutes |= time.mask
    return minutes
