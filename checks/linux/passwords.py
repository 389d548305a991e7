"""Kind `password`: an account's password and its ageing."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("password")
class Password(Expectation):
    """An account's password: what it is, whether it is locked, how it ages."""

    identity: ClassVar[tuple[str, ...]] = ("hash",)

    password: str = Field(description="The account's name.")
    is_: str | None = Field(None, alias="is", description="The password itself, tried against the hash.")
    locked: bool | None = Field(None, description="No password can log in (the hash is disabled).")
    max_days: int | None = Field(None, description="Days until it must be changed.")
    min_days: int | None = Field(None, description="Days before it may be changed again.")
    warn_days: int | None = Field(None, description="Days of warning before it expires.")
    inactive_days: int | None = Field(
        None, description="Days after its end until the account is disabled; -1 for never."
    )
    expires: str | None = Field(
        None,
        pattern=r"^(never|\d{4}-\d\d-\d\d)$",
        description='The date on which the account expires (YYYY-MM-DD), or "never".',
    )
    must_change: bool | None = Field(None, description="It must be changed at the next login.")
