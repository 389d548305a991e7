"""Kind `acl`: POSIX access control lists."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("acl")
class Acl(Expectation):
    """The access control list of a file or directory."""

    acl: str = Field(pattern="^/", description="The path.")
    entries: list[str] = Field(
        default_factory=list,
        description='Entries with their effective rights: "group:ops:r-x", "default:user:ann:rw-".',
    )
    lacks: list[str] = Field(
        default_factory=list, description='Names without an entry: "user:zoe", "default:group:ops".'
    )
