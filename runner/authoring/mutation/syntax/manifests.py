"""Reads the YAML and JSON in a script (here-documents, arguments such as `-p '{…}'`), and edits it in place.

Expansions of the shell are read as plain text of the same length, so every offset is one into the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from rung.runner.authoring.mutation.syntax.edit import Edit
from rung.runner.authoring.mutation.syntax.shell import Command, Expansion, HereDocument, Script, Word

_DATA = re.compile(r"[{\[]|:(\s|$)|^\s*- ", re.MULTILINE)
_INNER_QUOTES = re.compile(r"'\"[^\"']*\"'|\"'[^\"']*'\"")


@dataclass(frozen=True)
class Entry:
    """One field of a mapping (`key` is its key) or one element of a sequence (`key` is None), with what holds it."""

    path: tuple[str, ...]  # keys and indices from the root
    key: ScalarNode | None
    value: Node
    holder: CollectionNode
    index: int

    @property
    def dotted(self) -> str:
        """The path with dots, as kubectl writes it."""
        return ".".join(self.path)

    @property
    def name(self) -> str:
        """The field's key; of an element the key of its list."""
        return next((step for step in reversed(self.path) if not step.isdigit()), "")


@dataclass(frozen=True)
class Document:
    """One YAML or JSON document. `text`: the whole script with its expansions masked; marks are offset by `base`."""

    root: Node
    text: str
    base: int
    expansions: tuple[Expansion, ...]
    quote: str  # a quotation mark that can be used inside it

    def entries(self) -> Iterator[Entry]:
        """All fields and elements, each before those inside it."""
        yield from _entries(self.root, ())

    def start(self, node: Node) -> int:
        """Where a node begins, as an offset into the script."""
        return int(self.base + node.start_mark.index)

    def end(self, node: Node) -> int:
        """Where a node's last character is, exclusive."""
        if isinstance(node, CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end(last[1] if isinstance(last, tuple) else last)
        end = int(self.base + node.end_mark.index)
        return self.start(node) + len(self.text[self.start(node) : end].rstrip())

    def expands(self, node: Node) -> bool:
        """Whether an expansion is part of a node."""
        return any(self.start(node) <= each.start < self.end(node) for each in self.expansions)

    def removal(self, entry: Entry) -> Edit | None:
        """The edit that takes an entry out; None where it is the only one, or shares its line with its holder."""
        others = entry.holder.value
        if len(others) < 2:
            return None
        starts = [self.start(each[0] if isinstance(each, tuple) else each) for each in others]
        at, start, end = entry.index, starts[entry.index], self.end(entry.value)
        if entry.holder.flow_style:
            if at + 1 < len(others):
                return Edit(start, starts[at + 1])
            before = others[at - 1]
            return Edit(self.end(before[1] if isinstance(before, tuple) else before), end)
        line = self.text.rfind("\n", 0, start) + 1
        if entry.key is None:
            start = self.text.rfind("-", line, start)
        if not self.text[line:start].strip():
            newline = self.text.find("\n", end)
            return Edit(line, newline + 1 if newline >= 0 else end)
        return Edit(start, starts[at + 1]) if at + 1 < len(others) and entry.key is not None else None

    def replacement(self, entry: Entry, text: str) -> Edit:
        """The edit that puts `text` in the place of an entry's value."""
        start, end = self.start(entry.value), self.end(entry.value)
        if isinstance(entry.value, CollectionNode) and not entry.value.flow_style and entry.key is not None:
            colon = self.text.index(":", self.end(entry.key))
            return Edit(colon + 1, end, f" {text}")
        return Edit(start, end, text)


def documents(script: Script) -> list[Document]:
    """The documents of a script, in the order of its commands. What is no mapping and no list of mappings is none."""
    found: list[Document] = []
    for command in script.commands:
        for here in command.here:
            if not _is_program(here):
                found += _documents(script.text, here.start, here.end, here.expansions, "", '"')
        for word in command.words:
            if word.kind in ("raw_string", "string", "concatenation") and _may_be_data(command, word):
                quote = "'" if word.text.startswith('"') else '"'
                found += _documents(script.text, word.start, word.end, word.expansions, word.text, quote)
    return found


def is_data(script: Script, here: HereDocument) -> bool:
    """Whether a here-document holds YAML or JSON."""
    return not _is_program(here) and bool(_documents(script.text, here.start, here.end, here.expansions, "", '"'))


def _is_program(here: HereDocument) -> bool:
    return here.text.startswith("#!")


def _may_be_data(command: Command, word: Word) -> bool:
    if command.name in ("sed", "awk", "printf", "echo", "grep", "jq", "yq", "ssh", "su") or '\\"' in word.text:
        return False
    return bool(_DATA.search(word.text))


def _documents(
    text: str, start: int, end: int, expansions: tuple[Expansion, ...], word: str, quote: str
) -> list[Document]:
    masked = list(text)
    for each in expansions:
        masked[each.start : each.end] = ["\n" if c == "\n" else "x" for c in text[each.start : each.end]]
    if word:
        for inner in _INNER_QUOTES.finditer(word):
            masked[start + inner.start() : start + inner.end()] = "x" * len(inner[0])
        masked[start] = masked[end - 1] = " "
    whole = "".join(masked)
    try:
        roots = list(yaml.compose_all(whole[start:end], Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        return []
    return [Document(root, whole, start, expansions, quote) for root in roots if _holds_fields(root)]


def _holds_fields(root: Node | None) -> bool:
    if isinstance(root, SequenceNode):
        return bool(root.value) and all(isinstance(each, MappingNode) for each in root.value)
    return isinstance(root, MappingNode) and len(root.value) > 0


def _entries(node: Node, path: tuple[str, ...]) -> Iterator[Entry]:
    if isinstance(node, MappingNode):
        for at, (key, value) in enumerate(node.value):
            if isinstance(key, ScalarNode):
                here = (*path, str(key.value))
                yield Entry(here, key, value, node, at)
                yield from _entries(value, here)
    elif isinstance(node, SequenceNode):
        for at, value in enumerate(node.value):
            here = (*path, str(at))
            yield Entry(here, None, value, node, at)
            yield from _entries(value, here)
