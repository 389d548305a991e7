"""Kinds `user` and `group`, as `getent` and `id` know them."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("user")
class User(Expectation):
    """An account, whatever database it comes from."""

    identity: ClassVar[tuple[str, ...]] = ("uid",)

    user: str = Field(description="The account's name.")
    exists: bool = Field(True, description="false: there is no such account.")
    uid: int | None = Field(None, ge=0, description="Its number.")
    gid: int | None = Field(None, ge=0, description="The number of its primary group.")
    group: str | None = Field(None, description="The name of its primary group.")
    groups: list[str] = Field(default_factory=list, description="Groups that it is a member of.")
    not_groups: list[str] = Field(default_factory=list, description="Groups that it is no member of.")
    home: str | None = Field(None, description="Its home directory.")
    shell: str | None = Field(
        None, description="Its login shell; `nologin` stands for any shell that refuses a login."
    )
    comment: str | None = Field(None, description="The comment (GECOS) field, whole.")


@kind("group")
class Group(Expectation):
    """A group and its members."""

    identity: ClassVar[tuple[str, ...]] = ("gid",)

    group: str = Field(description="The group's name.")
    exists: bool = Field(True, description="false: there is no such group.")
    gid: int | None = Field(None, ge=0, description="Its number.")
    members: list[str] = Field(
        default_factory=list, description="Accounts that are in it, also by their primary group."
    )
    not_members: list[str] = Field(default_factory=list, description="Accounts that are not in it.")
