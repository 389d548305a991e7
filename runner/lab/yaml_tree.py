"""Reads YAML as plain values, and keeps the place of each of them.

It reads libyaml's events, so that it refuses what a lab file does not need (aliases, which make YAML bombs; tags;
merge keys; several documents) before it builds anything. Scalars follow YAML 1.2 more closely than in PyYAML: `on`,
`yes` and `12:30` are text, and so is `0640`, which must not lose its zero.
"""

from __future__ import annotations

import math
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from rung.runner.core.errors import LabFileError, Mistake
from rung.runner.core.text import did_you_mean

LIMIT = 256 * 1024  # bytes of one file
DEEPEST = 32  # levels of nesting
MEANT = 50  # mistakes of one file for which a name is suggested

Where = tuple[str | int, ...]

_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # pure Python where PyYAML has no libyaml


@dataclass
class Document:
    """One file: `data` in plain values, and for each path into it the place (line, column from 1)."""

    path: Path
    data: Any = None
    values: dict[Where, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Where, tuple[int, int]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def mistake(self, where: Where, sentence: str, *, key: bool = False) -> None:
        """Note a mistake at the value (or the key) at `where`, or at the nearest thing around it."""
        self.mistakes.append(Mistake(self.path, *self.place(where, key=key), sentence))

    def meant(self, word: str, known: Iterable[str]) -> str:
        """`; did you mean ...?` with the nearest known word, or nothing.

        A file with more than MEANT mistakes gets no further suggestions, because the search could take minutes.
        """
        return did_you_mean(word, known) if len(self.mistakes) < MEANT else ""

    def place(self, where: Where, *, key: bool = False) -> tuple[int, int]:
        """Line and column, both from 1, of the value (or key) at `where` or the nearest around it."""
        if key and where in self.keys:
            return self.keys[where]
        while where not in self.values and where:
            where = where[:-1]
        return self.values.get(where, (1, 1))

    def check(self) -> None:
        """Raise LabFileError if a mistake was noted."""
        if self.mistakes:
            raise LabFileError(self.mistakes)


def read(path: Path) -> Document:
    """Read a YAML file; the document holds its mistakes."""
    document = Document(path)
    try:
        content = content_of(path)
    except FileNotFoundError:
        document.mistake((), "this file does not exist")
        return document
    except (OSError, ValueError) as error:
        document.mistake((), f"this file cannot be read: {getattr(error, 'strerror', None) or error}")
        return document
    if content is None:
        document.mistake((), "this is not a regular file")
        return document
    return parse(content, path)


def content_of(path: Path) -> bytes | None:
    """The file's bytes up to one more than LIMIT, or None where it is no regular file. Raises OSError."""
    # O_NONBLOCK: a named pipe in a pack must not make Rung wait.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        parts = [os.read(descriptor, LIMIT + 1)]
        while parts[-1] and sum(map(len, parts)) <= LIMIT:
            parts.append(os.read(descriptor, LIMIT + 1))
        return b"".join(parts)[: LIMIT + 1]
    finally:
        os.close(descriptor)


def parse(content: bytes, path: Path) -> Document:
    """Parse one YAML document; the result holds its mistakes."""
    document = Document(path)
    if len(content) > LIMIT:
        document.mistake((), f"this file is larger than {LIMIT // 1024} KiB")
        return document
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        document.mistakes.append(Mistake(path, *place, "this is not UTF-8 text"))
        return document
    _Builder(document).build(text)
    return document


class _Stop(Exception):
    """The rest of the file cannot be read."""


class _Builder:
    """Builds a document's data from libyaml's events."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def build(self, text: str) -> None:
        try:
            events = iter(yaml.parse(text, Loader=_LOADER))
            self._document(events)
        except _Stop:
            pass
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._note(mark, "this is not YAML: " + (error.problem or error.context or str(error)))
        except yaml.reader.ReaderError as error:
            self._note(None, f"this is not YAML: {error.reason}")
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self._note(None, f"this is not YAML: {error}".split("\n")[0])

    def _note(self, mark: Any, sentence: str) -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.document.mistakes.append(Mistake(self.document.path, line, column, sentence))

    def _document(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._note(event.start_mark, "this file holds more than one YAML document")
                    raise _Stop
                self.document.data = self._value(next(events), events, ())

    def _value(self, event: Any, events: Iterator[Any], where: Where) -> Any:
        mark = event.start_mark
        self.document.values[where] = (mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.AliasEvent):
            self._note(mark, f"aliases (`*{event.anchor}`) are not allowed: write the value out")
            return None
        self._refuse(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, mark)
        if len(where) >= DEEPEST:
            self._note(mark, f"this is nested more than {DEEPEST} levels deep")
            raise _Stop
        return (
            self._sequence(events, where)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._mapping(events, where)
        )

    def _refuse(self, event: Any, mark: Any) -> None:
        if event.anchor is not None:
            self._note(mark, f"anchors (`&{event.anchor}`) are not allowed: write the value out")
        if event.tag is not None and event.tag != "!":
            self._note(mark, f"tags (`{event.tag}`) are not allowed")

    def _scalar(self, event: Any, mark: Any) -> Any:
        if "\0" in event.value:
            self._note(mark, "this text holds a NUL character")
        return plain(event.value) if event.implicit[0] else event.value

    def _sequence(self, events: Iterator[Any], where: Where) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*where, len(items))))
        return items

    def _mapping(self, events: Iterator[Any], where: Where) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            at = (*where, key)
            if key in items:
                line = self.document.keys[at][0]
                self._note(event.start_mark, f"the key `{key}` is already used in line {line}")
                self._value(next(events), events, (*where, len(where), key, "again"))
                continue
            self.document.keys[at] = (event.start_mark.line + 1, event.start_mark.column + 1)
            items[key] = self._value(next(events), events, at)
        return items

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._note(event.start_mark, "a key must be plain text")
            raise _Stop
        self._refuse(event, event.start_mark)
        if event.value == "<<" and event.implicit[0]:
            self._note(event.start_mark, "merge keys (`<<`) are not allowed: write the keys out")
        return str(event.value)


def plain(text: str) -> Any:
    """The value of an unquoted scalar: null, true/false, a whole number, a decimal number, or text.

    Only the plain notation makes a number, so that each whole number can be turned back into its text.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not text.lstrip("-").isdigit() and math.isfinite(float(text)):
        return float(text)
    return text
