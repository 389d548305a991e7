"""Kind `service`: systemd units."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from rung.checks.core.channel import Result, quoted
from rung.checks.core.machine import Machine
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import listed, no_answer, yes_no
from rung.checks.linux.tools.systemd_units import Unit, boot_reasons, same_value, show_units

_SUFFIX = re.compile(r"\.(service|socket|target|path|mount|automount|timer|slice|scope|swap|device)$")
_PROPERTIES = ("MainPID", "NRestarts", "ActiveEnterTimestamp", "ExecMainStartTimestamp")


@kind("service")
class Service(Expectation):
    """A systemd unit (a name without a suffix is a .service): running, enabled, its settings."""

    identity: ClassVar[tuple[str, ...]] = ("started", "pid")

    service: str = Field(description="The unit; without a suffix a .service.")
    running: bool | None = Field(None, description="Active now (a oneshot with RemainAfterExit counts).")
    enabled: bool | None = Field(None, description="Started at boot, by its [Install] section or a wants link.")
    masked: bool | None = Field(None, description="Masked permanently, so that nothing can start it.")
    user: str | None = Field(None, description="The user that its main process runs as.")
    restarts_max: int | None = Field(None, ge=0, description="The most automatic restarts that are accepted.")
    settled: float | None = Field(None, gt=0, description="Seconds it must have been active without a restart.")
    properties: dict[str, str | int | float | bool] = Field(
        default_factory=dict,
        description="Properties as `systemctl show` names them; sizes, times and yes/no compare by value.",
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask `systemctl show`."""
        name = self.unit
        units, result = self._show(context)
        if not result.ok or not units:
            yield no_answer(name, "systemctl", result)
        elif not units[0].exists:
            yield expected(name, "a unit of that name", "none")
        else:
            yield from self._differences(context, units[0])

    @property
    def unit(self) -> str:
        """The unit's whole name."""
        return self.service if _SUFFIX.search(self.service) else f"{self.service}.service"

    def _show(self, context: CheckContext) -> tuple[list[Unit], Result]:
        return show_units(context.host, quoted("%s", self.unit), (*_PROPERTIES, *self.properties))

    def _differences(self, context: CheckContext, unit: Unit) -> Iterator[str]:
        name = self.unit
        yield from boot_reasons(unit, name, running=self.running, enabled=self.enabled)
        if self.masked is not None and unit.masked != self.masked:
            found = "masked" if unit.masked else unit["UnitFileState"] or "no unit file"
            yield expected(f"{name}: masked", yes_no(self.masked), found)
        if self.user is not None and (found := _user(context.host, unit["MainPID"])) != self.user:
            yield expected(f"{name}: user", self.user, found)
        restarts = int(unit["NRestarts"] or 0)
        if self.restarts_max is not None and restarts > self.restarts_max:
            yield expected(f"{name}: restarts", f"at most {self.restarts_max}", restarts)
        if self.settled is not None:
            yield from self._settled_reasons(context, unit)
        for key, want in self.properties.items():
            found = unit[key] if key in unit.properties else "no such property"
            if not same_value(want, found):
                yield expected(f"{name}: {key}", _shown(want), found or "nothing")

    def _settled_reasons(self, context: CheckContext, unit: Unit) -> Iterator[str]:
        want = f"active for {self.settled:g} s"
        if unit["ActiveState"] != "active":
            yield expected(f"{self.unit}: settled", want, unit.state)
            return
        now = context.host.run("date +%s")
        if not now.ok:
            yield no_answer(f"{self.unit}: settled", "date", now)
            return
        seconds = int(now.stdout) - int(unit["ActiveEnterTimestamp"].lstrip("@") or now.stdout)
        if seconds < (self.settled or 0):
            yield expected(f"{self.unit}: settled", want, f"{seconds} s")

    def sentence(self) -> str:
        phrases = [
            text
            for flag, text in (
                (self.running is True, "is running"),
                (self.running is False, "is not running"),
                (self.enabled is True, "starts at boot"),
                (self.enabled is False, "does not start at boot"),
                (self.masked is True, "is masked"),
                (self.masked is False, "is not masked"),
                (self.user is not None, f"runs as {self.user}"),
                (self.restarts_max is not None or self.settled is not None, "stays up"),
                (bool(self.properties), "has " + listed(f"{k} {_shown(v)}" for k, v in self.properties.items())),
            )
            if flag
        ]
        return f"{self.unit} {listed(phrases) if phrases else 'exists'}"

    def names(self) -> Iterable[str]:
        return [self.service.removesuffix(".service"), *([self.user] if self.user else [])]

    def facts(self, context: CheckContext) -> dict[str, str]:
        """When the main process started, and its pid; `none` for each without such a unit."""
        units, _ = self._show(context)
        if not units or not units[0].exists:
            return dict.fromkeys(self.identity, "none")
        return {"started": units[0]["ExecMainStartTimestamp"] or "never", "pid": units[0]["MainPID"]}


def _shown(value: str | int | float | bool) -> str:
    return yes_no(value) if isinstance(value, bool) else str(value)


def _user(host: Machine, pid: str) -> str:
    """The effective user of a process, from its status: /proc/PID of some (sshd) belongs to root."""
    if pid in ("", "0"):
        return "no main process"
    uid = host.text("awk '/^Uid:/ {print $3}' /proc/%s/status", pid)
    if not uid:
        return "no main process"
    entry = host.text("getent passwd %s", uid)
    return entry.split(":")[0] if entry else uid
