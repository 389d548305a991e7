"""Kind `link`: symbolic and hard links."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import listed, no_answer
from rung.checks.linux.tools.stat_path import PathStatus, path_status
from rung.checks.linux.tools.texts import backticked


@kind("link")
class Link(Expectation):
    """A symbolic link, or with `hard` a file with several names."""

    link: str = Field(pattern="^/", description="The path.")
    exists: bool = Field(True, description="false: nothing has this name.")
    to: str | None = Field(
        None, pattern="^/", description="The path that it leads to, whether written as relative or absolute."
    )
    relative: bool | None = Field(None, description="Whether its target is written as a relative path.")
    hard: list[str] = Field(default_factory=list, description="Other names of the same file (hard links).")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask stat, and readlink for the target; `hard` compares by device and inode."""
        node = path_status(context.host, self.link)
        if not self.exists:
            if node is not None:
                yield expected(self.link, "nothing of that name", _what(node))
        elif node is None:
            yield expected(self.link, "a link", "none")
        elif self.hard:
            yield from self._hard_reasons(context.host, node)
        elif not node.is_link:
            yield expected(self.link, "a symbolic link", node.what)
        else:
            yield from self._target_reasons(context.host)

    def _hard_reasons(self, host: Machine, node: PathStatus) -> Iterator[str]:
        if node.is_link:
            yield expected(self.link, f"another name of {listed(self.hard)}", "a symbolic link")
            return
        for other in self.hard:
            twin = path_status(host, other)
            if twin is None or twin.is_link:
                yield expected(other, f"the same file as {self.link}", "none" if twin is None else _what(twin))
            elif not host.run("[ %s -ef %s ]", self.link, other).ok:
                yield expected(other, f"the same file as {self.link}", "another file")

    def _target_reasons(self, host: Machine) -> Iterator[str]:
        written, target, wanted = _targets(host, self.link, self.to or self.link)
        if self.relative is not None and written.startswith("/") == self.relative:
            want = "a relative path" if self.relative else "an absolute path"
            yield expected(f"{self.link}: target", want, backticked(written))
        if not target:
            yield expected(
                f"{self.link}: target",
                self.to or "something that exists",
                f"{backticked(written)}, which does not exist",
            )
        elif self.to is not None and target != wanted:
            found = written if written.startswith("/") else f"{backticked(written)}, which is {target}"
            yield expected(f"{self.link}: target", self.to, found)

    def sentence(self) -> str:
        if not self.exists:
            return f"Nothing is called {self.link}"
        if self.hard:
            return f"{self.link} and {listed(self.hard)} are names of one file"
        style = {None: "", True: "relative ", False: "absolute "}[self.relative]
        return f"{self.link} is a {style}symbolic link" + (f" to {self.to}" if self.to is not None else "")

    def names(self) -> Iterable[str]:
        return [self.link, *([self.to] if self.to is not None else []), *self.hard]


def _what(node: PathStatus) -> str:
    """What a path names, in words: a symbolic link itself, not its target."""
    return "a symbolic link" if node.is_link else node.what


def _targets(host: Machine, link: str, to: str) -> tuple[str, str, str]:
    """The link's text, the existing path that it leads to ("" if there is none), and the real path of `to`.

    Raises Fail if readlink does not answer.
    """
    # Not testinfra's `file.linked_to`: it tells neither the text of the link nor that its target does not exist.
    result = host.run("readlink -n -- %s && echo && { readlink -e -- %s || echo; }; readlink -m -- %s", link, link, to)
    lines = result.stdout.rstrip("\n").split("\n")
    if not result.ok or len(lines) != 3:
        raise Fail(no_answer(link, "readlink", result))
    return lines[0], lines[1], lines[2]
