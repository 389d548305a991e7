"""Kinds `file` and `directory`: type, rights, owner and content."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from pydantic import Field

from rung.checks.core.match import differences
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.modes import Mode
from rung.checks.linux.tools.reasons import listed, no_answer
from rung.checks.linux.tools.stat_path import CONTENT_LIMIT, PathStatus, path_status, rights_reasons, rights_words
from rung.checks.linux.tools.texts import Regex, content_reasons, line_reasons, pattern_reasons


@kind("file")
class File(Expectation):
    """A regular file: its rights and its content."""

    identity: ClassVar[tuple[str, ...]] = ("inode", "content")

    file: str = Field(pattern="^/", description="The path; symbolic links are followed.")
    exists: bool = Field(True, description="false: nothing has this name.")
    mode: Mode | None = Field(None, description='Its mode, as in "0640" or "u=rw,g=r,o=".')
    user: str | None = Field(None, description="The owner.")
    group: str | None = Field(None, description="The group that owns it.")
    symlink: bool | None = Field(None, description="Whether the path itself is a symbolic link.")
    content: str | None = Field(None, description="The whole content, exactly.")
    lines: list[str] = Field(
        default_factory=list, description="Whole lines that it contains; white space at their ends is ignored."
    )
    no_lines: list[str] = Field(default_factory=list, description="Whole lines that it does not contain.")
    matches: list[Regex] = Field(default_factory=list, description="Regular expressions, each found in some line.")
    lacks: list[Regex] = Field(default_factory=list, description="Regular expressions found in no line.")
    sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$", description="The checksum of the content.")
    json_: Any = Field(None, alias="json", description="A partial document: the file is JSON that contains this.")
    empty: bool | None = Field(None, description="Whether it has no content.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask stat, and read at most 1 MiB of content if a key needs it."""
        node = path_status(context.host, self.file, content=self._needs_content)
        if not self.exists:
            if node is not None:
                yield expected(self.file, "nothing of that name", node.what)
        elif node is None or not node.is_file:
            yield expected(self.file, "a file", "none" if node is None else node.what)
        else:
            yield from self._differences(context, node)

    @property
    def _needs_content(self) -> bool:
        texts = (self.lines, self.no_lines, self.matches, self.lacks)
        return any(texts) or self.content is not None or self.json_ is not None

    def _differences(self, context: CheckContext, node: PathStatus) -> Iterator[str]:
        yield from rights_reasons(self.file, node, self.mode, self.user, self.group)
        if self.symlink is not None and node.is_link != self.symlink:
            words = {True: "a symbolic link", False: "a file of its own"}
            yield expected(self.file, words[self.symlink], words[node.is_link])
        if self.empty is not None and (node.size == 0) != self.empty:
            yield expected(f"{self.file}: size", "0 bytes" if self.empty else "some content", f"{node.size} bytes")
        if self.sha256 is not None and (found := checksum(context, self.file)) != self.sha256:
            yield expected(f"{self.file}: sha256", self.sha256, found)
        if self._needs_content and node.size > CONTENT_LIMIT:
            yield expected(f"{self.file}: size", "at most 1 MiB of text", f"{node.size} bytes")
        elif self._needs_content:
            yield from self._text_reasons(node.content.decode("utf-8", "replace"))

    def _text_reasons(self, text: str) -> Iterator[str]:
        if self.content is not None:
            yield from content_reasons(f"{self.file}: content", self.content, text)
        yield from line_reasons(self.file, text, self.lines, self.no_lines)
        yield from pattern_reasons(self.file, text, self.matches, self.lacks)
        if self.json_ is not None:
            yield from self._json_reasons(text)

    def _json_reasons(self, text: str) -> Iterator[str]:
        try:
            document = json.loads(text)
        except ValueError as error:
            yield expected(self.file, "a JSON document", f"text that is none ({error})")
            return
        for difference in differences(self.json_, document):
            yield f"{self.file}: {difference}"

    def sentence(self) -> str:
        if not self.exists:
            return f"Nothing is called {self.file}"
        words = rights_words(self.mode, self.user, self.group)
        if self._needs_content or self.sha256 is not None or self.empty is False:
            words.append("the content asked for")
        words += ["no content"] if self.empty else []
        return f"{self.file} is a file" + (f" with {', '.join(words)}" if words else "")

    def names(self) -> Iterable[str]:
        return [n for n in (self.file, self.user, self.group) if n is not None]

    def facts(self, context: CheckContext) -> dict[str, str]:
        """The inode and the SHA-256 of the content; `none` for each without such a file."""
        node = path_status(context.host, self.file)
        if node is None or not node.is_file:
            return dict.fromkeys(self.identity, "none")
        return {"inode": node.inode, "content": checksum(context, self.file)}


@kind("directory")
class Directory(Expectation):
    """A directory: its rights and its entries."""

    identity: ClassVar[tuple[str, ...]] = ("inode",)

    directory: str = Field(pattern="^/", description="The path; symbolic links are followed.")
    exists: bool = Field(True, description="false: nothing has this name.")
    mode: Mode | None = Field(None, description='Its mode, as in "2770" or "u=rwx,g=rwxs,o=".')
    user: str | None = Field(None, description="The owner.")
    group: str | None = Field(None, description="The group that owns it.")
    entries: list[str] = Field(default_factory=list, description="Names that it contains.")
    only: list[str] | None = Field(None, description="All names that it contains, and no others.")
    lacks: list[str] = Field(default_factory=list, description="Names that it does not contain.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask stat, and find for the entries."""
        node = path_status(context.host, self.directory)
        if not self.exists:
            if node is not None:
                yield expected(self.directory, "nothing of that name", node.what)
        elif node is None or node.type != "directory":
            yield expected(self.directory, "a directory", "none" if node is None else node.what)
        else:
            yield from rights_reasons(self.directory, node, self.mode, self.user, self.group)
            if self.entries or self.lacks or self.only is not None:
                yield from self._entry_reasons(_entries(context, self.directory))

    def _entry_reasons(self, found: list[str]) -> Iterator[str]:
        shown = listed(found[:20]) + (f" and {len(found) - 20} more" if len(found) > 20 else "")
        if missing := [name for name in self.entries if name not in found]:
            yield expected(f"{self.directory}: entries", listed(missing), shown)
        if unwanted := [name for name in self.lacks if name in found]:
            yield expected(f"{self.directory}: entries", f"no {listed(unwanted)}", shown)
        if self.only is not None and sorted(self.only) != found:
            yield expected(f"{self.directory}: entries", f"exactly {listed(sorted(self.only))}", shown)

    def sentence(self) -> str:
        if not self.exists:
            return f"Nothing is called {self.directory}"
        words = rights_words(self.mode, self.user, self.group)
        words += [f"the entries {listed(self.entries)}"] if self.entries else []
        words += [f"exactly the entries {listed(self.only)}"] if self.only is not None else []
        words += [f"no {listed(self.lacks)}"] if self.lacks else []
        return f"{self.directory} is a directory" + (f" with {', '.join(words)}" if words else "")

    def names(self) -> Iterable[str]:
        yield from (n for n in (self.directory, self.user, self.group) if n is not None)
        yield from (*self.entries, *(self.only or ()), *self.lacks)

    def facts(self, context: CheckContext) -> dict[str, str]:
        """The inode; `none` without such a directory."""
        node = path_status(context.host, self.directory)
        return {"inode": node.inode if node and node.type == "directory" else "none"}


def checksum(context: CheckContext, path: str) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises Fail if sha256sum does not answer."""
    # Not testinfra's `file.sha256sum`: its pipe hides why there is none, and it marks a name with a backslash.
    result = context.host.run("sha256sum < %s", path)
    if not result.ok:
        raise Fail(no_answer(f"{path}: sha256", "sha256sum", result))
    return result.stdout.split()[0]


def _entries(context: CheckContext, path: str) -> list[str]:
    """The names in a directory, sorted. Raises Fail if find does not answer."""
    # Not testinfra's `file.listdir`: it leaves out names that begin with a dot, and writes `?` for odd characters.
    result = context.host.run("find %s -mindepth 1 -maxdepth 1 -printf '%f\\0'", f"{path}/")
    if not result.ok:
        raise Fail(no_answer(f"{path}: entries", "find", result))
    return sorted(result.stdout.rstrip("\0").split("\0")) if result.out else []
