"""Kind `selinux`: the mode of SELinux."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("selinux")
class Selinux(Expectation):
    """The mode of SELinux now (capability `selinux`)."""

    selinux: Literal["enforcing", "permissive", "disabled"] = Field(description="The mode.")
