"""Kind `link`: symbolic and hard links."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("link")
class Link(Expectation):
    """A symbolic link, or with `hard` one of several names of one file."""

    link: str = Field(pattern="^/", description="The path.")
    exists: bool = Field(True, description="false: nothing has this name.")
    to: str | None = Field(
        None, pattern="^/", description="The path that it leads to, however the link is written."
    )
    relative: bool | None = Field(None, description="Whether its target is written as a relative path.")
    hard: list[str] = Field(default_factory=list, description="Other names of the same file (hard links).")
