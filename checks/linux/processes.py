"""Kind `process`: what runs now."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("process")
class Process(Expectation):
    """Processes, found by a regular expression on their whole command line."""

    identity: ClassVar[tuple[str, ...]] = ("started",)

    process: str = Field(description="A regular expression, searched in the command line with arguments.")
    running: bool = Field(True, description="false: no such process runs.")
    user: str | None = Field(None, description="The account that each of them runs as.")
    nice: int | None = Field(None, ge=-20, le=19, description="The niceness of each of them.")
    count: int | None = Field(None, ge=1, description="How many of them run.")
