"""Kind `mount`: file systems that are in place."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("mount")
class Mount(Expectation):
    """What is mounted at a path (on exactly that path, not on one above it)."""

    mount: str = Field(pattern=r"^/", description="The mount point.")
    exists: bool = Field(True, description="false: nothing is mounted there.")
    fstype: str | None = Field(None, description="Type of the file system.")
    options: list[str] = Field(default_factory=list, description="Options in effect; sizes compare by value.")
    source: str | None = Field(
        None, description="The device, or for a bind mount the folder, that is mounted."
    )
