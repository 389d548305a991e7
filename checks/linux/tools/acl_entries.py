"""Entries of POSIX access control lists, see acl(5)."""

from __future__ import annotations

import re

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer

_TAGS = {"u": "user", "g": "group", "m": "mask", "o": "other", "d": "default"}
_ENTRY = re.compile(r"((?:d|default):)?(u|user|g|group|m|mask|o|other):([^:]*):([0-7]|[rwx-]{1,3})")
_NAME = re.compile(r"((?:d|default):)?(u|user|g|group):([^:]+)")


def normalized_entry(entry: str) -> str:
    """An entry in its long form: `d:u:ann:rw` is `default:user:ann:rw-`. Raises ValueError for all else."""
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError(f'{entry!r} is no entry; write it as "group:ops:r-x" or "default:user:ann:rw-"')
    rights = found[4]
    if rights.isdigit():
        rights = "".join(letter for bit, letter in ((4, "r"), (2, "w"), (1, "x")) if int(rights) & bit)
    shown = "".join(letter if letter in rights else "-" for letter in "rwx")
    return f"{'default:' if found[1] else ''}{_TAGS.get(found[2], found[2])}:{found[3]}:{shown}"


def normalized_name(name: str) -> str:
    """The long form of an entry without its rights: `d:g:ops` is `default:group:ops`. Raises ValueError."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f'{name!r} is no name of an entry; write it as "user:zoe" or "default:group:ops"')
    return f"{'default:' if found[1] else ''}{_TAGS.get(found[2], found[2])}:{found[3]}"


def read_entries(host: Machine, path: str) -> dict[str, str]:
    """The entries of a path as they are written: `user:ann` -> `rw-`. Raises Fail if getfacl does not answer."""
    result = host.run("getfacl -cpE -- %s", path)
    if not result.ok:
        raise Fail(no_answer(f"{path}: ACL", "getfacl", result))
    lines = (line.split("\t")[0].strip() for line in result.stdout.splitlines())
    return {name: rights for name, _, rights in (line.rpartition(":") for line in lines if line)}


def effective_rights(name: str, rights: str, entries: dict[str, str]) -> str:
    """The rights of an entry after the mask, which bounds named users, the owning group and named groups."""
    default = "default:" if name.startswith("default:") else ""
    tag, _, qualifier = name.removeprefix("default:").partition(":")
    mask = entries.get(f"{default}mask:")
    if mask is None or not (tag == "group" or (tag == "user" and qualifier)):
        return rights
    return "".join(r if r == m else "-" for r, m in zip(rights, mask, strict=True))
