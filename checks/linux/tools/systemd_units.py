"""systemd's units, as `systemctl show` describes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rung.checks.core.channel import Result, quoted
from rung.checks.core.machine import Machine
from rung.checks.core.registry import expected

_COMMON = ("Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "WantedBy", "RequiredBy")
# States of a unit that has no [Install] section in effect, but that a link can still start at boot.
_LINKED = ("static", "generated", "linked", "indirect")


@dataclass(frozen=True)
class Unit:
    """One unit's properties; a property that is shown several times (TimersCalendar) has several values."""

    properties: dict[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.properties.get(name, [""])[0]

    @property
    def exists(self) -> bool:
        """Whether systemd found the unit."""
        return self["LoadState"] != "not-found"

    @property
    def state(self) -> str:
        """Such as `active (running)`."""
        return f"{self['ActiveState']} ({self['SubState']})"

    @property
    def enabled(self) -> bool:
        """Whether the next boot starts it; a link in /run only (enabled-runtime) does not count."""
        if self["UnitFileState"] in ("enabled", "alias"):
            return True
        wanted = f"{self['WantedBy']} {self['RequiredBy']}".split()
        return self["UnitFileState"] in _LINKED and any(u.endswith(".target") for u in wanted)

    @property
    def masked(self) -> bool:
        """Whether it is masked for good; a mask in /run only does not count."""
        return self["UnitFileState"] == "masked"


def parse_units(text: str) -> list[Unit]:
    """Parse the output of `systemctl show`, in which empty lines separate units."""
    units = []
    for block in re.split(r"\n\n+", text.strip("\n")):
        properties: dict[str, list[str]] = {}
        for line in block.splitlines():
            name, found, value = line.partition("=")
            if found:
                properties.setdefault(name, []).append(value)
        if properties:
            units.append(Unit(properties))
    return units


def show_units(host: Machine, names: str, properties: Iterable[str] = ()) -> tuple[list[Unit], Result]:
    """The units called `names` (shell words, quoted by the caller), and the command's result.

    `properties` are read besides the common ones. Times are in seconds since 1970 (`@1700000000`).
    """
    # Not testinfra's `service`: its `is_enabled` is true of static units that nothing wants and of links that the next
    # boot forgets; its `systemd_properties` lack empty ones, keep one value of several, have times for people, and
    # break at a value of several lines.
    wanted = ",".join((*_COMMON, *properties))
    result = host.run(f"systemctl show --timestamp=unix {quoted('-p %s', wanted)} -- {names}")
    return parse_units(result.stdout), result


def boot_reasons(unit: Unit, name: str, *, running: bool | None, enabled: bool | None) -> Iterator[str]:
    """A reason for each of `running` and `enabled` that is expected (not None) and differs."""
    if running is True and unit["ActiveState"] not in ("active", "reloading", "refreshing"):
        yield expected(f"{name}: running", "yes", unit.state)
    if running is False and unit["ActiveState"] not in ("inactive", "failed"):
        yield expected(f"{name}: running", "no", unit.state)
    if enabled is not None and unit.enabled != enabled:
        found = unit["UnitFileState"] or "no unit file"
        yield expected(f"{name}: enabled", "yes" if enabled else "no", found)


_SIZES = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SPANS = {
    "us": 1e-6, "usec": 1e-6, "ms": 1e-3, "msec": 1e-3, "": 1.0, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0,
    "h": 3600.0, "hr": 3600.0, "d": 86400.0, "day": 86400.0, "w": 604800.0, "week": 604800.0,
}  # fmt: skip
_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def _number(text: str) -> float:
    return float(text)


def _size(text: str) -> float:
    """Bytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)B?", text)
    if found is None:
        raise ValueError(text)
    return float(found[1]) * _SIZES[found[2]]


def _span(text: str) -> float:
    """Seconds."""
    words = re.findall(r"(\d+(?:\.\d+)?)\s*([a-z]*)\s*", text)
    if not words or not re.fullmatch(r"(?:\d+(?:\.\d+)?\s*[a-z]*\s*)+", text):
        raise ValueError(text)
    return sum(float(n) * _SPANS[u] for n, u in words)


def _boolean(text: str) -> bool:
    return _BOOLEANS[text.lower()]


_CONVERTERS: tuple[Callable[[str], object], ...] = (_number, _boolean, _size, _span, lambda t: sorted(t.split()))


def same_value(want: str | int | float | bool, found: str) -> bool:
    """Whether two values are equal as numbers, yes/no, sizes, time spans or sets of words."""
    text = ("yes" if want else "no") if isinstance(want, bool) else str(want)
    for convert in _CONVERTERS:
        try:
            if convert(text) == convert(found):
                return True
        except (ValueError, KeyError):
            continue
    return False
