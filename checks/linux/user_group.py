"""Kinds `user` and `group`: accounts and groups, as getent and id report them."""

import posixpath
from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.accounts import NO_SUCH_KEY, Account, find_account
from rung.checks.linux.tools.reasons import listed, no_answer

_REFUSING = ("nologin", "false")


@kind("user")
class User(Expectation):
    """An account from any database that the machine uses."""

    identity: ClassVar[tuple[str, ...]] = ("uid",)

    user: str = Field(description="The account's name.")
    exists: bool = Field(True, description="false: there is no such account.")
    uid: int | None = Field(None, ge=0, description="Its number.")
    gid: int | None = Field(None, ge=0, description="The number of its primary group.")
    group: str | None = Field(None, description="The name of its primary group.")
    groups: list[str] = Field(
        default_factory=list, description="Groups that it is a member of; its primary group counts."
    )
    not_groups: list[str] = Field(default_factory=list, description="Groups that it is not a member of.")
    home: str | None = Field(None, description="Its home directory in the passwd entry.")
    shell: str | None = Field(None, description="Its login shell; `nologin` means any shell that refuses logins.")
    comment: str | None = Field(None, description="The whole comment (GECOS) field, without empty parts at its end.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask getent and id."""
        found = find_account(context.host, self.user)
        if found is None:
            if self.exists:
                yield expected(self.user, "an account", "none")
        elif not self.exists:
            yield expected(self.user, "no account", f"one with uid {found.uid}")
        else:
            yield from self._differences(context, found)

    def _differences(self, context: CheckContext, found: Account) -> Iterator[str]:
        name = self.user
        for what, want, got in (
            ("uid", self.uid, found.uid),
            ("gid", self.gid, found.gid),
            ("primary group", self.group, found.groups[0]),
        ):
            if want is not None and want != got:
                yield expected(f"{name}: {what}", want, got)
        if missing := [g for g in self.groups if g not in found.groups]:
            yield expected(f"{name}: groups", f"to include {listed(missing)}", listed(found.groups))
        if unwanted := [g for g in self.not_groups if g in found.groups]:
            yield expected(f"{name}: groups", f"not to include {listed(unwanted)}", listed(found.groups))
        if self.home is not None and posixpath.normpath(self.home) != posixpath.normpath(found.home or "."):
            yield expected(f"{name}: home", self.home, found.home or "nothing")
        if self.shell is not None and not _same_shell(context.host, self.shell, found.shell):
            yield expected(f"{name}: shell", self.shell, found.shell)
        if self.comment is not None and self.comment.rstrip(",") != found.comment.rstrip(","):
            yield expected(f"{name}: comment", self.comment or "nothing", found.comment or "nothing")

    def sentence(self) -> str:
        if not self.exists:
            return f"There is no account {self.user}"
        return f"The account {self.user} exists" + "".join(f", {phrase}" for phrase in self._phrases())

    def _phrases(self) -> Iterator[str]:
        if self.uid is not None:
            yield f"with uid {self.uid}"
        if self.group is not None or self.gid is not None:
            yield f"with the primary group {self.group if self.group is not None else self.gid}"
        if self.groups:
            yield f"in {listed(self.groups)}"
        if self.not_groups:
            yield f"not in {listed(self.not_groups)}"
        for what, value in (("home", self.home), ("shell", self.shell), ("comment", self.comment)):
            if value is not None:
                yield f"with the {what} {value or 'empty'}"

    def names(self) -> Iterable[str]:
        yield from (self.user, *self.groups, *self.not_groups)
        yield from (str(n) for n in (self.uid, self.gid, self.group, self.home, self.comment) if n is not None)
        if self.shell not in (None, "nologin"):
            yield posixpath.basename(str(self.shell))

    def facts(self, context: CheckContext) -> dict[str, str]:
        """The uid; `none` without such an account."""
        found = find_account(context.host, self.user)
        return {"uid": "none" if found is None else str(found.uid)}


def _same_shell(host: Machine, want: str, found: str) -> bool:
    """Whether both paths are one program (/sbin is a link to /usr/sbin on most systems)."""
    if want == "nologin":
        return posixpath.basename(found) in _REFUSING
    if want == found:
        return True
    # Not testinfra's `linked_to`: it has an answer for a path that does not exist, too.
    paths = (host.text("readlink -e -- %s %s", want, found) or "").split("\n")
    return len(paths) == 2 and paths[0] == paths[1]


@kind("group")
class Group(Expectation):
    """A group and its members."""

    identity: ClassVar[tuple[str, ...]] = ("gid",)

    group: str = Field(description="The group's name.")
    exists: bool = Field(True, description="false: there is no such group.")
    gid: int | None = Field(None, ge=0, description="Its number.")
    members: list[str] = Field(
        default_factory=list, description="Accounts that are in it; it may be their primary group."
    )
    not_members: list[str] = Field(default_factory=list, description="Accounts that are not in it.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask getent for the group, and id for the groups of each account that is named."""
        gid, members = self._gid_and_members(context.host)
        if gid is None:
            if self.exists:
                yield expected(self.group, "a group", "none")
            return
        if not self.exists:
            yield expected(self.group, "no group", f"one with gid {gid}")
            return
        if self.gid is not None and self.gid != gid:
            yield expected(f"{self.group}: gid", self.gid, gid)
        if missing := [m for m in self.members if m not in members]:
            yield expected(f"{self.group}: members", f"to include {listed(missing)}", listed(members))
        if unwanted := [m for m in self.not_members if m in members]:
            yield expected(f"{self.group}: members", f"not to include {listed(unwanted)}", listed(members))

    def _gid_and_members(self, host: Machine) -> tuple[int | None, list[str]]:
        """The gid, None without such a group, and its members: those listed, and those that the expectation names.

        Raises Fail if getent or id do not answer.
        """
        # Not testinfra's `group`: it takes digits for a gid, and its members lack those whose primary group it is.
        asked = [*self.members, *self.not_members]
        per_account = '; echo %s:"$(id -Gn -- %s 2>/dev/null)"' * len(asked)
        result = host.run("getent group -- %s || exit" + per_account, self.group, *(m for a in asked for m in (a, a)))
        entry, *lines = result.stdout.rstrip("\n").split("\n")
        fields = entry.split(":")
        if (result.rc == NO_SUCH_KEY and not result.out) or (len(fields) == 4 and fields[0] != self.group):
            return None, []
        if len(fields) != 4 or len(lines) != len(asked):
            raise Fail(no_answer(self.group, "getent and id", result))
        groups = {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}
        # An expected name in the group's line without an account is no member: nobody can log in as it.
        listing = [n for n in fields[3].split(",") if n and n not in groups]
        return int(fields[2]), sorted({*listing, *(n for n, g in groups.items() if self.group in g)})

    def sentence(self) -> str:
        if not self.exists:
            return f"There is no group {self.group}"
        words = [f"with gid {self.gid}"] if self.gid is not None else []
        words += [f"with {listed(self.members)} in it"] if self.members else []
        words += [f"without {listed(self.not_members)}"] if self.not_members else []
        return f"The group {self.group} exists" + "".join(f", {w}" for w in words)

    def names(self) -> Iterable[str]:
        yield from (self.group, *self.members, *self.not_members)
        if self.gid is not None:
            yield str(self.gid)

    def facts(self, context: CheckContext) -> dict[str, str]:
        """The gid; `none` without such a group."""
        gid, _members = self._gid_and_members(context.host)
        return {"gid": "none" if gid is None else str(gid)}
