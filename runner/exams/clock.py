"""How much of an exam's time has passed, by clocks that run during sleep and that nobody can set.

Within one boot of the computer the clock CLOCK_BOOTTIME counts, which runs on during sleep: setting the date, another
time zone and suspend change nothing. Across a restart, the time that passed is the age of the new boot, or the
difference of the dates where that is more.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GAP = 60.0  # seconds without a sign of life after which Rung counts as down; there is one every BEAT
BEAT = 10.0  # seconds between two signs of life
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Moment:
    """One moment by each of the computer's clocks."""

    wall: float  # seconds since 1970, UTC; can be set
    boot: str  # id of the computer's boot; "" where the system has none
    up: float  # seconds since that boot, asleep or not
    awake: float  # seconds since that boot while it was not asleep

    def as_json(self) -> dict[str, Any]:
        """The moment as a journal keeps it."""
        return {"wall": round(self.wall, 3), "boot": self.boot, "up": round(self.up, 3), "awake": round(self.awake, 3)}

    @classmethod
    def of_json(cls, data: Any) -> Moment:
        """A moment from what `as_json` returned. Raises TypeError, ValueError, LookupError for anything else."""
        return cls(float(data["wall"]), str(data["boot"]), float(data["up"]), float(data["awake"]))


def moment() -> Moment:
    """This moment."""
    awake = time.monotonic()
    if sys.platform == "linux":
        up = time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        up = time.clock_gettime(time.CLOCK_MONOTONIC)  # runs on during sleep there; not exercised in CI
    else:
        up = awake
    return Moment(time.time(), _boot(), up, awake)


def _boot() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


def between(before: Moment, after: Moment) -> float:
    """Seconds that certainly passed from one moment to a later one; never below 0."""
    if _same_boot(before, after):
        passed = max(0.0, after.up - before.up)
        return max(passed, after.wall - before.wall) if not before.boot else passed
    return max(after.up, after.wall - before.wall, 0.0)


def elapsed(moments: Iterable[Moment]) -> float:
    """Seconds from the first to the last of several moments, given in order."""
    total, last = 0.0, None
    for each in moments:
        total += between(last, each) if last is not None else 0.0
        last = each
    return total


@dataclass(frozen=True)
class Down:
    """A time in which nobody could work."""

    why: str  # computer: it was off; engine: it did not answer; rung: none of its processes lived
    seconds: float
    since: float  # seconds since 1970


def down(before: Moment, after: Moment) -> Down | None:
    """The down time between two signs of life; None where they are at most GAP seconds apart.

    Sleep does not count: the user puts the computer to sleep.
    """
    if _same_boot(before, after):
        silent = min(after.up - before.up, after.awake - before.awake)
        return Down("rung", silent, before.wall) if silent > GAP else None
    # In another boot only the date tells for how long the computer was off.
    off = max(0.0, after.wall - before.wall)
    return Down("computer", off, before.wall) if off > GAP else None


def _same_boot(before: Moment, after: Moment) -> bool:
    if before.boot or after.boot:
        return before.boot == after.boot
    return after.up >= before.up  # the best guess where boots have no ids


def newer(one: Moment, other: Moment) -> bool:
    """Whether `one` is certainly later than `other`: of the same boot and later in it."""
    return one.boot == other.boot and one.up > other.up


def utc(seconds: float) -> str:
    """Seconds since 1970 as journals write them: ISO 8601, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


# -- the time left, as the shell shows it

WARNINGS = (30, 10, 5)  # minutes before the end


def warning(before: float, now: float, whole: float) -> int | None:
    """The warning (minutes left) that is due when the time left falls from `before` to `now` seconds, or None.

    `whole` is the exam's length in seconds; only warnings that are shorter than the exam are given.
    """
    due = [minutes for minutes in WARNINGS if now <= minutes * 60 < before and minutes * 60 < whole]
    return min(due) if due else None


def left_in_words(seconds: float) -> str:
    """The time left in words, rounded down: `1 h 42 min`, `9 min 30 s`, `45 s`, `no time`."""
    whole = int(seconds)
    if whole <= 0:
        return "no time"
    if whole < 60:
        return f"{whole} s"
    if whole < 600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes: Sequence[int] = divmod(whole // 60, 60)
    return f"{minutes[0]} h {minutes[1]:02d} min" if minutes[0] else f"{minutes[1]} min"
