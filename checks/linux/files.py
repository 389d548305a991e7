"""Kinds `file` and `directory`."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from rung.checks.linux.modes import Mode
from rung.checks.registry import Expectation, kind


@kind("file")
class File(Expectation):
    """A regular file: its rights and its content."""

    identity: ClassVar[tuple[str, ...]] = ("inode", "content")

    file: str = Field(pattern="^/", description="The path.")
    exists: bool = Field(True, description="false: nothing has this name.")
    mode: Mode | None = Field(None, description='Its mode, as in "0640" or "u=rw,g=r,o=".')
    user: str | None = Field(None, description="The owner.")
    group: str | None = Field(None, description="The group that owns it.")
    content: str | None = Field(None, description="The whole content, exactly.")
    lines: list[str] = Field(default_factory=list, description="Lines that stand in it, each whole.")
    no_lines: list[str] = Field(default_factory=list, description="Lines that do not stand in it.")
    matches: list[str] = Field(
        default_factory=list, description="Regular expressions, each found in some line."
    )
    lacks: list[str] = Field(default_factory=list, description="Regular expressions found in no line.")
    sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$", description="The checksum of the content.")
    json_: Any = Field(
        None, alias="json", description="A partial document: the file is JSON that contains this."
    )
    empty: bool | None = Field(None, description="Whether it has no content at all.")


@kind("directory")
class Directory(Expectation):
    """A directory: its rights and what lies in it."""

    identity: ClassVar[tuple[str, ...]] = ("inode",)

    directory: str = Field(pattern="^/", description="The path.")
    exists: bool = Field(True, description="false: nothing has this name.")
    mode: Mode | None = Field(None, description='Its mode, as in "2770" or "u=rwx,g=rwxs,o=".')
    user: str | None = Field(None, description="The owner.")
    group: str | None = Field(None, description="The group that owns it.")
    entries: list[str] = Field(default_factory=list, description="Names that lie in it.")
    only: list[str] | None = Field(None, description="All names that lie in it, and no other.")
    lacks: list[str] = Field(default_factory=list, description="Names that do not lie in it.")
