"""Kind `selinux`: the mode of SELinux."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from rung.checks.core.registry import CheckContext, Expectation, expected, kind


@kind("selinux")
class Selinux(Expectation):
    """The mode of SELinux now (capability `selinux`)."""

    selinux: Literal["enforcing", "permissive", "disabled"] = Field(description="The mode.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask getenforce."""
        mode = context.host.text("getenforce")
        found = "no SELinux on this machine" if mode is None else mode.lower()
        if found != self.selinux:
            yield expected("selinux", self.selinux, found)

    def sentence(self) -> str:
        return f"SELinux is {self.selinux}"

    def names(self) -> Iterable[str]:
        return [self.selinux]
