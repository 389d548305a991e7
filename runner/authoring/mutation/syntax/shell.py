"""Reads a script by a grammar of bash (tree-sitter-bash): its statements, commands, words and here-documents.

Offsets count characters from the beginning of the script. What the grammar cannot read is left out: such a stretch of
a script is not mutated.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from tree_sitter import Node

from rung.runner.authoring.mutation.syntax.grammar import blocks_in, first_unread, statements_in, stretches

_EXPANSIONS = frozenset({"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"})
_WORDS = frozenset({"word", "number", "string", "raw_string", "concatenation", "ansi_c_string", "translated_string"})
_WORDS_TOO = _WORDS | _EXPANSIONS | {"process_substitution"}
_RESERVED = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_NOWHERE = ("/dev/null", "/dev/stderr", "/dev/stdout")


@dataclass(frozen=True)
class Expansion:
    """A `$name`, `${name}` or other expansion; `name` is empty for all others than these two."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Word:
    """One word of a command. `text`: as written."""

    text: str
    start: int
    end: int
    kind: str  # of the grammar's node: word, number, raw_string, string, concatenation, simple_expansion, ...
    expansions: tuple[Expansion, ...] = ()

    @property
    def literal(self) -> str | None:
        """What the shell makes of the word; None where that depends on an expansion."""
        if self.expansions or "`" in self.text:
            return None
        if self.kind == "raw_string":
            return self.text[1:-1]
        if self.kind == "string":
            return self.text[1:-1].replace('\\"', '"').replace("\\$", "$").replace("\\\\", "\\")
        return None if self.kind == "concatenation" or "\\" in self.text else self.text

    @property
    def plain(self) -> str:
        """The word without outer quotes; expansions stay as written."""
        return self.text[1:-1] if self.kind in ("raw_string", "string") else self.text


@dataclass(frozen=True)
class HereDocument:
    """A here-document's lines, without the line that ends it. `expands`: whether the shell expands it."""

    start: int
    end: int
    text: str
    expands: bool
    expansions: tuple[Expansion, ...]


@dataclass(frozen=True)
class Command:
    """A simple command. `start` to `end` hold its words, without redirections."""

    name: str
    words: tuple[Word, ...]  # all but the name
    start: int
    end: int
    text: str
    statement: Statement
    here: tuple[HereDocument, ...] = ()
    writes: tuple[Word, ...] = ()  # the files that its output goes to


@dataclass
class Statement:
    """A statement: a command, pipeline, list, loop and so on, with its redirections."""

    kind: str
    start: int
    end: int
    text: str
    commands: list[Command] = field(default_factory=list)  # also those in statements inside, not in substitutions
    writes: list[Word] = field(default_factory=list)  # files, without /dev/null
    assigns: bool = False  # it sets a variable of the shell
    captured: bool = False  # it is part of a function, or of a block whose output goes into a file or a pipe
    stages: list[tuple[int, int]] = field(default_factory=list)  # of a pipeline


@dataclass(frozen=True)
class Section:
    """A line `#@ MACHINE as USER`: the part of it that names the user."""

    user: str
    start: int
    end: int


class Script:
    """A script as its grammar reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._bytes = text.encode()
        self._base = 0  # offset in bytes of the stretch that is read
        self._unread = math.inf
        self.statements: list[Statement] = []  # in order; those inside others come after them
        self.commands: list[Command] = []
        self.lists: list[list[Word]] = []  # the words of each `for NAME in …` and array
        self._seen: set[int] = set()
        self.has_mistakes = False
        for base, root in stretches(self._bytes):
            self._base = base
            self.has_mistakes |= root.has_error
            self._unread = first_unread(root)
            self._read(root)
        self.statements.sort(key=lambda each: (each.start, -each.end))
        self._find_captured()
        self.commands.sort(key=lambda each: each.start)

    def _find_captured(self) -> None:
        around = [s for s in self.statements if s.writes or s.kind in ("pipeline", "function_definition")]
        for inner in self.statements:
            inner.captured = any(o is not inner and o.start <= inner.start and inner.end <= o.end for o in around)

    @cached_property
    def sections(self) -> list[Section]:
        """The lines `#@ MACHINE as USER`."""
        found, at = [], 0
        for line in self.text.splitlines(keepends=True):
            if line.startswith("#@") and " as " in line:
                begin = line.index(" as ")
                found.append(Section(line[begin + 4 :].strip(), at + begin, at + len(line.rstrip())))
            at += len(line)
        return found

    def line(self, offset: int) -> int:
        """The number of the line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1

    @cached_property
    def _characters(self) -> list[int]:
        """The offset in bytes at which each character begins."""
        return list(accumulate((len(each.encode()) for each in self.text), initial=0))

    def _at(self, offset: int) -> int:
        return offset if len(self._bytes) == len(self.text) else bisect_right(self._characters, offset) - 1

    def _span(self, node: Node) -> tuple[int, int]:
        return self._at(self._base + node.start_byte), self._at(self._base + node.end_byte)

    def _source(self, node: Node) -> str:
        return self._bytes[self._base + node.start_byte : self._base + node.end_byte].decode()

    # -- statements --------------------------------------------------------------------------------

    def _read(self, block: Node) -> None:
        """Read the statements of a block, and those inside them."""
        for node in statements_in(block):
            if node.start_byte >= self._unread:
                continue
            if not node.has_error:
                self.statements.append(self._statement(node))
            for inner in blocks_in(node):
                self._read(inner)

    def _statement(self, node: Node) -> Statement:
        start, end = self._span(node)
        text = self._source(node)
        trimmed = text.rstrip()  # a here-document's end may include the line's end
        found = Statement(node.type, start, end - (len(text) - len(trimmed)), trimmed)
        self._collect(node, found)
        piped = node if node.type == "pipeline" else node.child_by_field_name("body")
        if piped is not None and piped.type == "pipeline":
            found.stages = [self._span(stage) for stage in piped.named_children if stage.type != "comment"]
        return found

    def _collect(self, node: Node, into: Statement) -> None:
        """Add what a statement does: its commands, the files it writes, whether it sets variables."""
        if node.type in _EXPANSIONS or node.type in ("heredoc_body", "process_substitution"):
            return
        if node.type == "command":
            into.commands.append(self._command(node, into))
            return
        if node.type in ("variable_assignment", "declaration_command", "unset_command", "for_statement"):
            into.assigns = into.assigns or node.type != "for_statement"
            self._note_list(node)
        if node.type == "file_redirect" and (target := self._written(node)) is not None:
            into.writes.append(target)
        for child in node.children:
            self._collect(child, into)

    def _note_list(self, node: Node) -> None:
        """Remember the words of a loop or an array, once."""
        holders = [node] if node.type == "for_statement" else [n for n in node.children if n.type == "array"]
        for holder in holders:
            words = [self._word(each) for each in holder.named_children if each.type in _WORDS_TOO]
            if len(words) > 1 and words not in self.lists:
                self.lists.append(words)

    def _written(self, redirect: Node) -> Word | None:
        """The file that a redirection writes to; None for other redirections and for /dev/null."""
        operator = next((child.type for child in redirect.children if ">" in child.type or "<" in child.type), "")
        target = next((child for child in redirect.named_children if child.type in _WORDS_TOO), None)
        if ">" not in operator or operator == ">&" or target is None or self._source(target) in _NOWHERE:
            return None
        return self._word(target)

    # -- commands ----------------------------------------------------------------------------------

    def _command(self, node: Node, statement: Statement) -> Command:
        name = next((self._source(child) for child in node.children if child.type == "command_name"), "")
        words = tuple(self._word(child) for child in node.named_children if child.type in _WORDS_TOO)
        start, end = self._span(node)
        outer = node.parent if node.parent is not None and node.parent.type == "redirected_statement" else None
        redirects = [] if outer is None else outer.named_children
        here = tuple(h for each in redirects if each.type == "heredoc_redirect" for h in self._here(each))
        writes = tuple(w for each in redirects if each.type == "file_redirect" and (w := self._written(each)))
        found = Command(name, words, start, end, self._source(node), statement, here, writes)
        if start not in self._seen:
            self._seen.add(start)
            self.commands.append(found)
        return found

    def _here(self, redirect: Node) -> Iterator[HereDocument]:
        marker = next((child for child in redirect.children if child.type == "heredoc_start"), None)
        body = next((child for child in redirect.children if child.type == "heredoc_body"), None)
        if marker is None or body is None:
            return
        start, _ = self._span(body)
        finish = next((self._span(c)[0] for c in redirect.children if c.type == "heredoc_end"), self._span(body)[1])
        start = self.text.index("\n", self._span(marker)[1]) + 1 if start >= finish else self._line_start(start)
        finish = self._line_start(finish)
        expands = not any(mark in self._source(marker) for mark in "'\"\\")
        expansions = tuple(self._expansions(body)) if expands else ()
        yield HereDocument(start, finish, self.text[start:finish], expands, expansions)

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def _word(self, node: Node) -> Word:
        start, end = self._span(node)
        return Word(self._source(node), start, end, node.type, tuple(self._expansions(node)))

    def _expansions(self, node: Node) -> Iterator[Expansion]:
        if node.type in _EXPANSIONS:
            named = [child for child in node.named_children if child.type == "variable_name"]
            text = self._source(node)
            simple = len(named) == 1 and text in (f"${self._source(named[0])}", f"${{{self._source(named[0])}}}")
            yield Expansion(self._source(named[0]) if simple else "", *self._span(node))
            return
        for child in node.children:
            yield from self._expansions(child)


def reads(text: str) -> bool:
    """Whether the grammar finds no mistake in a script, and no reserved word in the place of a command."""
    script = Script(text)
    return not script.has_mistakes and not any(command.name in _RESERVED for command in script.commands)
