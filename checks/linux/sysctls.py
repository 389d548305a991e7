"""Kind `sysctl`: kernel settings, now and after the next boot."""

from __future__ import annotations

from pydantic import Field, model_validator

from rung.checks.registry import Expectation, kind


@kind("sysctl")
class Sysctl(Expectation):
    """A kernel setting: its value now, and the one that the configuration sets at boot."""

    sysctl: str = Field(description="The key, such as net.ipv4.ip_forward.")
    value: str | int | None = Field(None, description="The value in effect now.")
    persistent: bool | str | int | None = Field(
        None,
        description="The value that sysctl.d sets at boot; true: the one in `value`; false: none is configured.",
    )

    @model_validator(mode="after")
    def _something_is_asked(self) -> Sysctl:
        if self.value is None and (self.persistent is None or self.persistent is True):
            raise ValueError("needs `value`, or a value in `persistent`")
        return self
