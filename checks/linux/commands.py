"""Kind `command`: what no other kind can say."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("command")
class Command(Expectation):
    """A shell command, run inside the machine."""

    command: str = Field(description="The command, for bash (for the user's login shell's sh with `user`).")
    exit: int | None = Field(0, ge=0, le=255, description="Its exit status; null for any but 0.")
    stdout: str | None = Field(None, description="Its output, but for white space around it.")
    matches: list[str] = Field(
        default_factory=list, description="Regular expressions, each found in some line of its output."
    )
    lacks: list[str] = Field(default_factory=list, description="Regular expressions found in no line of it.")
    user: str | None = Field(None, description="The account that runs it, in a login environment.")
    timeout: float = Field(10, gt=0, le=60, description="Seconds that it may take.")
