"""Kind `journal`: what stands in the journal, and whether it is kept."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("journal")
class Journal(Expectation):
    """Messages in the journal, of one unit or of all."""

    journal: str = Field(description='The unit, or "*" for every message.')
    matches: list[str] = Field(
        default_factory=list, description="Regular expressions, each found in some message."
    )
    lacks: list[str] = Field(default_factory=list, description="Regular expressions found in no message.")
    persistent: bool | None = Field(None, description="The journal is kept on disk, below /var/log/journal.")
    identifier: str | None = Field(None, description="Only messages with this syslog identifier.")
