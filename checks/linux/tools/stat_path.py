"""Type, rights, owner and content of a path, read with one command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import expected
from rung.checks.linux.tools import modes
from rung.checks.linux.tools.reasons import no_answer

CONTENT_LIMIT = 1 << 20  # most bytes of content that are read
_ABSENT = re.compile(r"(No such file or directory|Not a directory)$")
_ITSELF, _TARGET = "%F|%i", "%F|%a|%U|%G|%u|%g|%s|%i"
_STAT = "stat -c %s -- %s && { stat -L -c %s -- %s 2>/dev/null || echo; }"
_READ = " && if [ -f %s ]; then head -c %s -- %s; fi"


@dataclass(frozen=True)
class PathStatus:
    """What a path names, links followed; `type` is stat's word, "" for a dangling link."""

    type: str
    is_link: bool
    mode: int = 0
    user: str = ""
    group: str = ""
    uid: str = ""
    gid: str = ""
    size: int = 0
    inode: str = ""
    content: bytes = b""

    @property
    def what(self) -> str:
        """The type in words, with an article."""
        if not self.type:
            return "a symbolic link that leads nowhere"
        name = "regular file" if self.type == "regular empty file" else self.type
        return f"a {name}"

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, empty or not."""
        return self.type.startswith("regular")


def path_status(host: Machine, path: str, *, content: bool = False) -> PathStatus | None:
    """The status of `path`, None if it does not exist; `content`: with up to CONTENT_LIMIT bytes of a regular file.

    Raises Fail if stat does not answer.
    """
    # Not testinfra's `file`: it takes a link that leads nowhere for nothing, does not say what lies there instead of a
    # file, does not tell a missing path from one that cannot be asked, and asks once for each property.
    command, args = _STAT, [_ITSELF, path, _TARGET, path]
    if content:
        command, args = _STAT + _READ, [*args, path, str(CONTENT_LIMIT), path]
    result = host.run(command, *args)
    if result.rc == 1 and _ABSENT.search(result.stderr.strip()) and not result.out:
        return None
    if not result.ok:
        raise Fail(no_answer(path, "stat", result))
    first, second, *rest = result.out.split(b"\n", 2)
    return _node(first.decode(), second.decode("utf-8", "replace"), rest[0] if rest else b"")


def _node(first: str, second: str, content: bytes) -> PathStatus:
    is_link = first.startswith("symbolic link")
    if not second:
        return PathStatus("", is_link, inode=first.split("|")[1])
    kind, mode, user, group, uid, gid, size, inode = second.split("|")
    return PathStatus(kind, is_link, int(mode, 8), user, group, uid, gid, int(size), inode, content)


def rights_reasons(path: str, node: PathStatus, mode: str | None, user: str | None, group: str | None) -> Iterator[str]:
    """A reason for each of mode, owner and group that is expected (not None) and differs."""
    if mode is not None and node.mode != modes.parse_mode(mode):
        yield expected(f"{path}: mode", modes.octal(modes.parse_mode(mode)), modes.octal(node.mode))
    if user is not None and user not in (node.user, node.uid):
        yield expected(f"{path}: owner", user, _name(node.user, node.uid))
    if group is not None and group not in (node.group, node.gid):
        yield expected(f"{path}: group", group, _name(node.group, node.gid))


def rights_words(mode: str | None, user: str | None, group: str | None) -> list[str]:
    """Mode, owner and group in words, for the sentence of a check."""
    words = [f"mode {modes.octal(modes.parse_mode(mode))}"] if mode is not None else []
    words += [f"owner {user}"] if user is not None else []
    return words + ([f"group {group}"] if group is not None else [])


def _name(name: str, number: str) -> str:
    return f"{number}, which has no name" if name == "UNKNOWN" else name
