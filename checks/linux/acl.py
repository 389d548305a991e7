"""Kind `acl`: POSIX access control lists."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import listed, unanswered
from rung.checks.linux.tools.stat_path import look

_TAGS = {"u": "user", "g": "group", "m": "mask", "o": "other", "d": "default"}
_ENTRY = re.compile(r"((?:d|default):)?(u|user|g|group|m|mask|o|other):([^:]*):([0-7]|[rwx-]{1,3})")
_NAME = re.compile(r"((?:d|default):)?(u|user|g|group):([^:]+)")


def normal(entry: str) -> str:
    """An entry with whole words and three letters: `d:u:ann:rw` is `default:user:ann:rw-`."""
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError(f'{entry!r} is no entry; write it as "group:ops:r-x" or "default:user:ann:rw-"')
    rights = found[4]
    if rights.isdigit():
        rights = "".join(letter for bit, letter in ((4, "r"), (2, "w"), (1, "x")) if int(rights) & bit)
    shown = "".join(letter if letter in rights else "-" for letter in "rwx")
    return f"{'default:' if found[1] else ''}{_TAGS.get(found[2], found[2])}:{found[3]}:{shown}"


def normal_name(name: str) -> str:
    """The same for an entry without its rights: `d:g:ops` is `default:group:ops`."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f'{name!r} is no name of an entry; write it as "user:zoe" or "default:group:ops"')
    return f"{'default:' if found[1] else ''}{_TAGS.get(found[2], found[2])}:{found[3]}"


@kind("acl")
class Acl(Expectation):
    """The access control list of a file or directory."""

    acl: str = Field(pattern="^/", description="The path.")
    entries: list[Annotated[str, AfterValidator(normal)]] = Field(
        default_factory=list,
        description='Entries with their effective rights: "group:ops:r-x", "default:user:ann:rw-".',
    )
    lacks: list[Annotated[str, AfterValidator(normal_name)]] = Field(
        default_factory=list, description='Names without an entry: "user:zoe", "default:group:ops".'
    )

    def reasons(self, place: CheckContext) -> Iterator[str]:
        if look(place.host, self.acl) is None:
            yield expected(self.acl, "a file or directory", "none")
            return
        granted = _entries(place.host, self.acl)
        effective = {name: _masked(name, rights, granted) for name, rights in granted.items()}
        for entry in self.entries:
            name, _, rights = entry.rpartition(":")
            if name not in granted:
                yield expected(f"{self.acl}: ACL", entry, f"no entry for {name.strip(':')}")
            elif effective[name] != rights:
                yield expected(f"{self.acl}: ACL", entry, _found(name, granted[name], effective[name]))
        for name in self.lacks:
            if name in granted:
                yield expected(f"{self.acl}: ACL", f"no entry for {name}", f"{name}:{granted[name]}")

    def sentence(self) -> str:
        words = [f"has the ACL entries {listed(self.entries)}"] if self.entries else []
        words += [f"has no ACL entry for {listed(self.lacks)}"] if self.lacks else []
        return f"{self.acl} {' and '.join(words) or 'exists'}"

    def names(self) -> Iterable[str]:
        yield self.acl
        for name in (*(e.rpartition(":")[0] for e in self.entries), *self.lacks):
            if qualifier := name.rpartition(":")[2]:
                yield qualifier


def _entries(host: Machine, path: str) -> dict[str, str]:
    """The entries as they are written: name with its tag -> rights. Raises Fail where getfacl does not answer."""
    result = host.run("getfacl -cpE -- %s", path)
    if not result.ok:
        raise Fail(unanswered(f"{path}: ACL", "getfacl", result))
    lines = (line.split("\t")[0].strip() for line in result.stdout.splitlines())
    return {name: rights for name, _, rights in (line.rpartition(":") for line in lines if line)}


def _masked(name: str, rights: str, entries: dict[str, str]) -> str:
    """What the mask leaves of the rights: it bounds named users, the owning group and named groups."""
    default = "default:" if name.startswith("default:") else ""
    tag, _, qualifier = name.removeprefix("default:").partition(":")
    mask = entries.get(f"{default}mask:")
    if mask is None or not (tag == "group" or (tag == "user" and qualifier)):
        return rights
    return "".join(r if r == m else "-" for r, m in zip(rights, mask, strict=True))


def _found(name: str, granted: str, effective: str) -> str:
    if granted == effective:
        return f"{name}:{granted}"
    return f"{name}:{granted}, of which the mask leaves {effective}"
