"""Kind `timer`: systemd timers, their services and their times."""

import re
from collections.abc import Iterable, Iterator

from pydantic import Field

from rung.checks.core.channel import quoted
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Broken, Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import listed, no_answer, yes_no
from rung.checks.linux.tools.systemd_calendar import NotNormalised, parse_calendar, same_calendar_times
from rung.checks.linux.tools.systemd_units import Unit, boot_reasons, show_units

_PROPERTIES = ("TimersCalendar", "TimersMonotonic", "Persistent", "Unit", "Triggers")
_ON_CALENDAR = re.compile(r"OnCalendar=([^;}]*?) ;")
_MONOTONIC = re.compile(r"(On\w+=[^;}]*?) ;")
# Names of timers that have a unit file but may not be loaded; templates (name@.timer) are excluded.
_FILES = (
    "cd / && ls etc/systemd/system run/systemd/system usr/local/lib/systemd/system usr/lib/systemd/system"
    " lib/systemd/system 2>/dev/null | grep '[^@][.]timer$' | sort -u"
)
_UTC = ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Universal", "Zulu")


@kind("timer")
class Timer(Expectation):
    """A systemd timer, named by itself or by the service that it starts."""

    timer: str = Field(description="A unit name ending in .timer, or the service that some timer must start.")
    running: bool | None = Field(None, description="The timer is active (waiting).")
    enabled: bool | None = Field(None, description="The timer is started at boot.")
    calendar: str | list[str] | None = Field(
        None,
        description="When it elapses, as a systemd calendar expression; any notation of the same times is right.",
    )
    persistent: bool | None = Field(
        None, description="Makes up for a calendar time that was missed while the machine was off."
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask `systemctl show`, and systemd-analyze to normalise the calendar."""
        units, result = show_units(context.host, self._units(), _PROPERTIES)
        if not result.ok or not units:
            yield no_answer(self.timer, "systemctl", result)
            return
        units = list({u["Id"]: u for u in units if u.exists}.values())
        if not self.timer.endswith(".timer"):
            units = [u for u in units if self._service in (u["Unit"], *u["Triggers"].split())]
        if not units:
            own = self.timer.endswith(".timer")
            yield expected(self.timer, "a timer of that name" if own else "a timer that starts it", "none")
            return
        try:
            zones, wanted = self._expected_times(context.host)
        except Fail as fail:
            yield from fail.reasons
            return
        # If several timers start the service, one without differences is enough.
        yield from min((list(self._differences(u, wanted, zones)) for u in units), key=len)

    @property
    def _service(self) -> str:
        return self.timer if "." in self.timer else f"{self.timer}.service"

    def _units(self) -> str:
        """Shell words that name the timer, or every timer, loaded or not."""
        if self.timer.endswith(".timer"):
            return quoted("%s", self.timer)
        return f"'*.timer' $({_FILES})"

    def _expected_times(self, host: Machine) -> tuple[list[str], list[str]]:
        """The names of the machine's time zone, and the expected calendar in systemd's normalised form.

        Raises Broken if systemd rejects the lab's calendar, Fail if it does not answer.
        """
        if self.calendar is None:
            return [], []
        texts = [self.calendar] if isinstance(self.calendar, str) else self.calendar
        words = " ".join(quoted("%s", t) for t in texts)
        result = host.run(f"readlink -f /etc/localtime; systemd-analyze calendar -- {words}")
        forms = re.findall(r"^ *Normalized form: (.*)$", result.stdout, re.MULTILINE)
        if "Failed to parse" in result.stderr:
            raise Broken(f"systemd does not read the lab's calendar: {result.stderr.strip()}")
        if len(forms) != len(texts):
            raise Fail(no_answer(f"{self.timer}: calendar", "systemd-analyze", result))
        zone = result.stdout.splitlines()[0].partition("zoneinfo/")[2] or "UTC"
        return [zone, *(["UTC"] if zone in _UTC else [])], forms

    def _differences(self, unit: Unit, wanted: list[str], zones: list[str]) -> Iterator[str]:
        name = unit["Id"]
        yield from boot_reasons(unit, name, running=self.running, enabled=self.enabled)
        found = [m[1].strip() for t in unit.properties.get("TimersCalendar", []) for m in _ON_CALENDAR.finditer(t)]
        if self.calendar is not None and not _same(wanted, found, zones):
            texts = [self.calendar] if isinstance(self.calendar, str) else self.calendar
            yield expected(f"{name}: calendar", "; ".join(texts), "; ".join(found) or _monotonic(unit))
        persistent = unit["Persistent"] == "yes"
        if self.persistent is not None and persistent != self.persistent:
            yield expected(f"{name}: persistent", yes_no(self.persistent), yes_no(persistent))
        elif self.persistent and not found:
            yield expected(f"{name}: persistent", "yes", "yes, but without a calendar time it has no effect")

    def sentence(self) -> str:
        subject = f"Timer {self.timer}" if self.timer.endswith(".timer") else f"A timer for {self._service}"
        calendar = [self.calendar] if isinstance(self.calendar, str) else self.calendar or []
        phrases = [
            text
            for flag, text in (
                (self.running is True, "is active"),
                (self.running is False, "is not active"),
                (self.enabled is True, "starts at boot"),
                (self.enabled is False, "does not start at boot"),
                (bool(calendar), f"elapses at {' and '.join(calendar)}"),
                (self.persistent is True, "makes up for missed times"),
                (self.persistent is False, "does not make up for missed times"),
            )
            if flag
        ]
        return f"{subject} {listed(phrases) if phrases else 'exists'}"

    def names(self) -> Iterable[str]:
        return [self.timer.removesuffix(".service").removesuffix(".timer")]


def _monotonic(unit: Unit) -> str:
    """What a timer without a calendar time has instead, for a reason."""
    spans = [m[1] for t in unit.properties.get("TimersMonotonic", []) for m in _MONOTONIC.finditer(t)]
    return "no calendar time" + (f", only {listed(spans)}" if spans else "")


def _same(wanted: list[str], found: list[str], zones: list[str]) -> bool:
    try:
        return same_calendar_times(
            [parse_calendar(t, zones) for t in wanted], [parse_calendar(t, zones) for t in found]
        )
    except NotNormalised:  # fractions of a second: compare as text
        return sorted(wanted) == sorted(found)
