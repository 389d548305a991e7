"""Kind `archive`: tar archives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("archive")
class Archive(Expectation):
    """A tar archive: how it is compressed and what is in it."""

    archive: str = Field(pattern="^/", description="The path.")
    compression: Literal["gzip", "bzip2", "xz", "zstd", "none"] | None = Field(
        None, description="How it is compressed, by its first bytes."
    )
    members: list[str] = Field(default_factory=list, description="Names of members, `./` and `/` aside.")
    lacks: list[str] = Field(default_factory=list, description="Names that no member has.")
    same_as: str | None = Field(
        None,
        pattern="^/",
        description="A directory: unpacked, the archive has the same names, types, modes, owners, links "
        "and content.",
    )
