"""An entry of the shadow database: an account's password hash and its ageing, see shadow(5)."""

from __future__ import annotations

from dataclasses import dataclass

from rung.checks.core.channel import Result
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer

_NO_KEY = 2  # getent: the database has no such entry
_FOREVER = 99999  # what useradd writes for a password that never expires


@dataclass(frozen=True)
class ShadowEntry:
    """A line of the shadow database; dates in days since 1970, None for an empty field."""

    hash: str
    today: int
    changed: int | None
    min_days: int | None
    max_days: int | None
    warn_days: int | None
    inactive_days: int | None
    expires: int | None

    @property
    def locked(self) -> bool:
        """Whether the hash is disabled, so that no password fits."""
        return self.hash.startswith(("!", "*"))

    @property
    def must_change(self) -> bool:
        """Whether it is marked so (changed on day 0), or older than `max_days`."""
        if self.changed is None:
            return False
        limit = -1 if self.max_days is None else self.max_days
        return self.changed == 0 or (0 <= limit < _FOREVER and self.changed + limit < self.today)


def read_shadow(host: Machine, name: str) -> ShadowEntry | None:
    """The account's shadow entry, None if it has none. Raises Fail if getent does not answer."""
    result = host.run("getent shadow -- %s || exit; date %s", name, "+%s")
    if result.rc == _NO_KEY and not result.out:
        return None
    return _parsed(name, result)


def _parsed(name: str, result: Result) -> ShadowEntry:
    entry, _, now = result.stdout.rstrip("\n").partition("\n")
    fields = entry.split(":")
    if not result.ok or len(fields) != 9 or not now.isdigit():
        raise Fail(no_answer(name, "getent shadow", result))
    days = [int(f) if f else None for f in fields[2:8]]
    return ShadowEntry(fields[1], int(now) // 86400, *days)
