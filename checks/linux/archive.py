"""Kind `archive`: tar archives."""

import posixpath
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.directory_tree import Tree, read_tree, tree_differences
from rung.checks.linux.tools.reasons import listed, no_answer
from rung.checks.linux.tools.scratch import scratch_directory
from rung.checks.linux.tools.stat_path import path_status

_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x1f\x9d": "compress",
    b"LZIP": "lzip",
    b"PK\x03\x04": "zip",
}
_SHOWN = 20  # members listed in a reason
_UNPACK_SECONDS = 20.0


@kind("archive")
class Archive(Expectation):
    """A tar archive: its compression and its members."""

    archive: str = Field(pattern="^/", description="The path.")
    compression: Literal["gzip", "bzip2", "xz", "zstd", "none"] | None = Field(
        None, description="How it is compressed, by its first bytes."
    )
    members: list[str] = Field(
        default_factory=list, description="Names of members, without `./` and `/` at their ends."
    )
    lacks: list[str] = Field(default_factory=list, description="Names that no member has.")
    same_as: str | None = Field(
        None,
        pattern="^/",
        description="A directory: unpacked, the archive has the same names, types, modes, owners, links "
        "and content, whichever directory above it was packed.",
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask head for the compression and tar for the members; for `same_as`, unpack into a scratch directory."""
        node = path_status(context.host, self.archive)
        if node is None or not node.is_file:
            yield expected(self.archive, "an archive", "none" if node is None else node.what)
            return
        if self.compression is not None and (found := _compression(context.host, self.archive)) != self.compression:
            yield expected(f"{self.archive}: compression", self.compression, found)
        members = _members(context.host, self.archive)
        if members is None:
            yield expected(self.archive, "a tar archive", "a file that tar does not read")
            return
        yield from self._member_reasons(members)
        if self.same_as is not None:
            yield from self._tree_reasons(context.host)

    def _member_reasons(self, found: list[str]) -> Iterator[str]:
        shown = listed(found[:_SHOWN]) + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")
        if missing := [m for m in self.members if _plain(m) not in found]:
            yield expected(f"{self.archive}: members", listed(missing), shown)
        if unwanted := [m for m in self.lacks if _plain(m) in found]:
            yield expected(f"{self.archive}: members", f"no {listed(unwanted)}", shown)

    def _tree_reasons(self, host: Machine) -> Iterator[str]:
        assert self.same_as is not None
        want = read_tree(host, self.same_as)
        if want is None:
            yield expected(self.same_as, "a directory", "none")
            return
        with scratch_directory(host) as path:
            unpacked = host.run("tar -xpf %s -C %s", self.archive, path, timeout=_UNPACK_SECONDS)
            if not unpacked.ok:
                raise Fail(no_answer(self.archive, "tar -x", unpacked))
            found = read_tree(host, path) or {}
        prefix = _prefix(self.same_as, found)
        yield from tree_differences(self.archive, want, _below(found, prefix))
        if outside := _outside(found, prefix):
            yield expected(self.archive, f"nothing but {self.same_as}", listed(outside[:_SHOWN]))

    def sentence(self) -> str:
        style = {None: "a", "none": "an uncompressed"}.get(self.compression, f"a {self.compression}-compressed")
        words = [f"the members {listed(self.members)}"] if self.members else []
        words += [f"no {listed(self.lacks)}"] if self.lacks else []
        words += [f"what {self.same_as} has"] if self.same_as is not None else []
        return f"{self.archive} is {style} tar archive" + (f" with {', '.join(words)}" if words else "")

    def names(self) -> Iterable[str]:
        yield self.archive
        yield from (posixpath.basename(_plain(m)) for m in (*self.members, *self.lacks))
        if self.same_as is not None:
            yield self.same_as


def _plain(name: str) -> str:
    """A member's name without `./` and `/` at its ends."""
    return posixpath.normpath(name.strip("/")) if name.strip("/") else "."


def _compression(host: Machine, path: str) -> str:
    """How a file is compressed, by its first bytes; `none` if they are of no known format."""
    result = host.run("head -c 8 -- %s", path)
    if not result.ok:
        raise Fail(no_answer(f"{path}: compression", "head", result))
    return next((name for magic, name in _MAGIC.items() if result.out.startswith(magic)), "none")


def _members(host: Machine, path: str) -> list[str] | None:
    """The names of the members; None if tar cannot read the file."""
    result = host.run("tar --quoting-style=literal -tf %s", path, timeout=_UNPACK_SECONDS)
    if result.rc in (126, 127):
        raise Fail(no_answer(path, "tar", result))
    # GNU tar strips a leading `/`, warns of it and succeeds.
    return [_plain(name) for name in result.stdout.splitlines()] if result.ok else None


def _prefix(directory: str, found: Tree) -> str:
    """The name under which the directory was packed: its whole path, the end of it, or "" for none."""
    parts = directory.strip("/").split("/")
    names = ("/".join(parts[n:]) for n in range(len(parts)))
    return next((name for name in names if name in found and found[name].type == "d"), "")


def _below(found: Tree, prefix: str) -> Tree:
    """The entries below `prefix`, by their paths from there."""
    start = f"{prefix}/" if prefix else ""
    return {name[len(start) :]: entry for name, entry in found.items() if name.startswith(start)}


def _outside(found: Tree, prefix: str) -> list[str]:
    """Names that are neither in the packed directory nor a directory above it."""
    if not prefix:
        return []
    return [n for n in found if n != prefix and not n.startswith(f"{prefix}/") and not prefix.startswith(f"{n}/")]
