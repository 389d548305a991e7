"""Kind `acl`: POSIX access control lists."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.acl_entries import effective_rights, normalized_entry, normalized_name, read_entries
from rung.checks.linux.tools.reasons import listed
from rung.checks.linux.tools.stat_path import path_status


@kind("acl")
class Acl(Expectation):
    """The access control list of a file or directory."""

    acl: str = Field(pattern="^/", description="The path.")
    entries: list[Annotated[str, AfterValidator(normalized_entry)]] = Field(
        default_factory=list,
        description='Entries with their effective rights: "group:ops:r-x", "default:user:ann:rw-".',
    )
    lacks: list[Annotated[str, AfterValidator(normalized_name)]] = Field(
        default_factory=list, description='Names without an entry: "user:zoe", "default:group:ops".'
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask getfacl, and compare effective rights: what an entry grants, bounded by the mask."""
        if path_status(context.host, self.acl) is None:
            yield expected(self.acl, "a file or directory", "none")
            return
        granted = read_entries(context.host, self.acl)
        effective = {name: effective_rights(name, rights, granted) for name, rights in granted.items()}
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


def _found(name: str, granted: str, effective: str) -> str:
    if granted == effective:
        return f"{name}:{granted}"
    return f"{name}:{granted}, of which the mask leaves {effective}"
