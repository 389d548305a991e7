"""Kind `sysctl`: kernel settings, now and after a reboot."""

from collections.abc import Iterator

from pydantic import Field, model_validator

from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import no_answer
from rung.checks.linux.tools.sysctl_config import configured_value, proc_path


@kind("sysctl")
class Sysctl(Expectation):
    """A kernel setting: its value now, and the one that the configuration sets at boot."""

    sysctl: str = Field(description="The key, such as net.ipv4.ip_forward.")
    value: str | int | None = Field(None, description="The value in effect now.")
    persistent: bool | str | int | None = Field(
        None,
        description="The value that boot sets; true: the one in `value`; false: no value is configured.",
    )

    @model_validator(mode="after")
    def _something_is_asked(self) -> "Sysctl":
        if self.value is None and (self.persistent is None or self.persistent is True):
            raise ValueError("needs `value`, or a value in `persistent`")
        return self

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Read /proc/sys, and ask systemd-analyze for the configuration."""
        if self.value is not None:
            yield from self._current(context)
        if self.persistent is not None:
            yield from self._configured(context)

    def _current(self, context: CheckContext) -> Iterator[str]:
        path = f"/proc/sys/{proc_path(self.sysctl)}"
        # Not testinfra's `sysctl`: it makes a number of a text such as 007, and needs a program where the kernel's own
        # file is enough.
        result = context.host.run("cat -- %s", path)
        if not result.ok:
            found = "no such key" if "No such file" in result.stderr else result.stderr.strip()
            yield expected(self.sysctl, self.value, found)
        elif not _same(self.value, result.stdout):
            yield expected(self.sysctl, self.value, " ".join(result.stdout.split()))

    def _configured(self, context: CheckContext) -> Iterator[str]:
        # systemd lists the files in effect: a file hides one of the same name of lower rank, and names give the order.
        result = context.host.run("systemd-analyze cat-config sysctl.d")
        if not result.ok:
            yield no_answer(f"{self.sysctl}: at boot", "systemd-analyze", result)
            return
        want = self.value if self.persistent is True else self.persistent
        found = configured_value(result.stdout, self.sysctl)
        if want is False:
            if found is not None:
                yield expected(f"{self.sysctl}: at boot", "no setting", found)
        elif found is None:
            yield expected(f"{self.sysctl}: at boot", want, "no setting")
        elif not _same(want, found):
            yield expected(f"{self.sysctl}: at boot", want, found)

    def sentence(self) -> str:
        if self.persistent is False:
            return (
                f"{self.sysctl} is {self.value} and not configured"
                if self.value is not None
                else (f"{self.sysctl} is not configured")
            )
        if self.persistent is None:
            return f"{self.sysctl} is {self.value}"
        if self.persistent is True:
            return f"{self.sysctl} is {self.value}, also after a restart"
        return f"{self.sysctl} will be {self.persistent} after a restart"


def _same(want: object, found: str) -> bool:
    """Whether two values are equal apart from white space."""
    return str(want).split() == found.split()
