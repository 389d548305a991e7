"""Directory trees, read by find and sha256sum and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import expected
from rung.checks.linux.tools.reasons import no_answer

_TYPES = {"f": "file", "d": "directory", "l": "symbolic link", "p": "named pipe", "s": "socket"}
_MOST = 5  # differences listed one by one
_LIST = r"""cd -- %s && find . -mindepth 1 -printf '%P\0%y\0%m\0%u:%g\0%l\0' && echo -n / &&
find . -type f -print0 | xargs -0r sha256sum -z --"""


@dataclass(frozen=True)
class TreeEntry:
    """One path in a tree; `type` is a letter of find's `%y`."""

    type: str
    mode: str
    owner: str
    target: str  # of a symbolic link
    sha256: str  # of a file


Tree = Mapping[str, TreeEntry]


def read_tree(host: Machine, path: str) -> dict[str, TreeEntry] | None:
    """The entries below a directory by their relative paths; None if there is no such directory.

    Raises Fail if find or sha256sum do not answer.
    """
    if not host.run("[ -d %s ]", path).ok:
        return None
    result = host.run("set -o pipefail; " + _LIST, path, timeout=20)
    if not result.ok:
        raise Fail(no_answer(path, "find and sha256sum", result))
    names, _, sums = result.stdout.rpartition("\0/") if "\0/" in result.stdout else ("", "", result.stdout[1:])
    fields = names.split("\0") if names else []
    hashes = {line[66:].removeprefix("./"): line[:64] for line in sums.split("\0") if line}
    rows = (fields[n : n + 5] for n in range(0, len(fields), 5))
    return {r[0]: TreeEntry(r[1], r[2], r[3], r[4], hashes.get(r[0], "")) for r in rows}


def tree_differences(subject: str, want: Tree, found: Tree) -> Iterator[str]:
    """A reason for each path that is missing, unexpected or different: at most five, and a count of the rest."""
    everything = list(_differences(subject, want, found))
    yield from everything[:_MOST]
    if len(everything) > _MOST:
        yield f"{subject}: {len(everything) - _MOST} more differences"


def _differences(subject: str, want: Tree, found: Tree) -> Iterator[str]:
    for name in sorted(want.keys() | found.keys()):
        at = f"{subject}: {name}"
        if name not in found:
            yield expected(at, f"a {_word(want[name])}", "none")
        elif name not in want:
            yield expected(at, "none", f"a {_word(found[name])}")
        else:
            yield from _entry_differences(at, want[name], found[name])


def _entry_differences(at: str, want: TreeEntry, found: TreeEntry) -> Iterator[str]:
    if want.type != found.type:
        yield expected(at, f"a {_word(want)}", f"a {_word(found)}")
        return
    if want.mode != found.mode and want.type != "l":
        yield expected(f"{at}: mode", want.mode.zfill(4), found.mode.zfill(4))
    if want.owner != found.owner:
        yield expected(f"{at}: owner", want.owner, found.owner)
    if want.target != found.target:
        yield expected(f"{at}: target", want.target, found.target)
    if want.sha256 != found.sha256:
        yield expected(f"{at}: content", "the same", "another")


def _word(entry: TreeEntry) -> str:
    return _TYPES.get(entry.type, "special file")
