"""Replaces a number, time, name, path or mode by a neighbour."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yaml.nodes import ScalarNode

from rung.runner.authoring.mutation.operators import neighbouring
from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.manifests import is_data
from rung.runner.authoring.mutation.syntax.shell import Command, Expansion, HereDocument, Word
from rung.runner.authoring.mutation.syntax.words import INPUTS, base_name, is_neutral, operands, options

# Fields of manifests that only errors come of.
_FIXED = frozenset({"apiVersion", "kind", "op", "path", "image", "jsonPath", "$schema"})
# Commands whose operands are names -> how many operands in front are not.
_NAMED = {
    "chgrp": 0, "chown": 0, "cp": 0, "groupadd": 0, "groupmod": 0, "hostnamectl": 1, "ln": 0, "mkdir": 0, "mv": 0,
    "systemctl": 1, "useradd": 0, "usermod": 0,
}  # fmt: skip
_MODE = re.compile(r"([0-7]{3,4}|[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*)$")
_SETTING = re.compile(r"^(?P<head>\s*[\w.-]+\s*[=:]\s*|\s*[A-Za-z]\w+[ \t]+)(?P<value>[^\s#]+)\s*$", re.MULTILINE)
_TOKEN = re.compile(r"[A-Za-z0-9_./~@:%+-]+")


@dataclass(frozen=True)
class Literal:
    """A value that is written out in a script, and where it is used."""

    text: str
    start: int
    end: int
    where: str


class _Neighbour(Operator):
    """Replaces every literal that has such a neighbour."""

    near: Callable[[str], Iterator[str]]

    def changes(self, answer: Answer) -> Iterator[Change]:
        for literal in literals(answer):
            for other in type(self).near(literal.text):
                what = f"says `{other}` in place of `{literal.text}` in {literal.where}"
                yield change(what, Edit(literal.start, literal.end, other))


class NeighbourNumber(_Neighbour):
    """A number that is one larger, also where it is one of the lab's values."""

    name = "neighbour-number"
    near = staticmethod(neighbouring.number)

    def changes(self, answer: Answer) -> Iterator[Change]:
        yield from super().changes(answer)
        for each, where in _drawn(answer):
            if _is_number(answer.values[each.name]):
                what = f"says one more than `${each.name}` in {where}"
                yield change(what, Edit(each.start, each.end, f"$(({each.name} + 1))"))


class NeighbourTime(_Neighbour):
    """A time that is a minute or an hour later."""

    name = "neighbour-time"
    near = staticmethod(neighbouring.time)


class NeighbourName(_Neighbour):
    """A name's beginning, its other case, or its sibling (`Egress`, `UDP`), also of the lab's values."""

    name = "neighbour-name"
    near = staticmethod(neighbouring.word)

    def changes(self, answer: Answer) -> Iterator[Change]:
        yield from super().changes(answer)
        for each, where in _drawn(answer):
            value = answer.values[each.name]
            if isinstance(value, str) and not _is_number(value) and len(value) > 1:
                yield change(
                    f"says all but the last letter of `${each.name}` in {where}",
                    Edit(each.start, each.end, f"${{{each.name}%?}}"),
                )
                yield change(
                    f"says `${each.name}` with its first letter in the other case in {where}",
                    Edit(each.start, each.end, f"${{{each.name}~}}"),
                )


class NeighbourPath(_Neighbour):
    """A path whose last part is cut off by a letter, or begins in the other case."""

    name = "neighbour-path"
    near = staticmethod(neighbouring.path)


class NeighbourMode(Operator):
    """A file's mode with one right more or less."""

    name = "neighbour-mode"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for command in answer.commands:
            words = command.words if base_name(command) in ("chmod", "install", "mkdir", "umask", "find") else ()
            for word in words:
                for other in neighbouring.mode(word.text):
                    what = f"says `{other}` in place of `{word.text}` in {quoted(command.text)}"
                    yield change(what, Edit(word.start, word.end, other))


class OtherValue(Operator):
    """Another of the lab's values of the same kind, as when two names or two numbers are mixed up."""

    name = "other-value"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for each, where in _drawn(answer):
            other = _next_value(answer, each.name)
            if other is not None:
                yield change(
                    f"says `${other}` in place of `${each.name}` in {where}",
                    Edit(each.start, each.end, f"${{{other}}}"),
                )


def _next_value(answer: Answer, name: str) -> str | None:
    """The next value of the lab, in turn, that is a number as this one is, or a text as this one is; None: no other."""
    value = answer.values[name]
    if not isinstance(value, int | str):
        return None
    alike = [n for n, v in answer.values.items() if isinstance(v, int | str) and _is_number(v) == _is_number(value)]
    others = [*alike[alike.index(name) + 1 :], *alike[: alike.index(name)]]
    return next((other for other in others if answer.values[other] != value), None)


def _is_number(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.isdecimal())


def _drawn(answer: Answer) -> Iterator[tuple[Expansion, str]]:
    """The places in commands, here-documents and names of files where one of the lab's values is used."""
    seen: set[int] = set()
    for command in answer.commands:
        found = [each for word in (*command.words, *command.writes) for each in word.expansions]
        found += [each for here in command.here for each in here.expansions]
        for each in found:
            if each.name in answer.values and each.start not in seen:
                seen.add(each.start)
                yield each, quoted(_line(answer, each.start))


def _line(answer: Answer, at: int) -> str:
    text = answer.script.text
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def literals(answer: Answer) -> Iterator[Literal]:
    """The values that a script sets and writes out: of options, settings, fields, files that it writes, lists."""
    seen: set[int] = set()
    for literal in _literals(answer):
        if literal.start not in seen:
            seen.add(literal.start)
            yield literal


def _literals(answer: Answer) -> Iterator[Literal]:
    for document in answer.documents:
        for entry in document.entries():
            node = entry.value
            if not isinstance(node, ScalarNode) or document.expands(node) or entry.name in _FIXED:
                continue
            start, end = document.start(node), document.end(node)
            quotes = node.style in ("'", '"')
            text = document.text[start + quotes : end - quotes]
            yield Literal(text, start + quotes, end - quotes, f"the field `{entry.dotted}`")
    for command in answer.commands:
        for here in command.here:
            yield from _settings(answer, here)
        yield from _arguments(command)
        for target in command.writes:
            yield from _whole(target, f"the file that {quoted(command.text)} writes")


def _settings(answer: Answer, here: HereDocument) -> Iterator[Literal]:
    """The value of each line `key = value` or `Key value` of a here-document."""
    if is_data(answer.script, here) or here.text.startswith("#!"):
        return
    for match in _SETTING.finditer(here.text):
        start = here.start + match.start("value")
        end = here.start + match.end("value")
        if not any(start < each.end and each.start < end for each in here.expansions) and "$" not in match["value"]:
            yield Literal(match["value"], start, end, f"the line {quoted(match[0])}")


def _arguments(command: Command) -> Iterator[Literal]:
    if base_name(command) in ("sed", "awk", "grep", "jq", "yq"):
        return  # their words are programs and patterns
    where = quoted(command.text)
    given = [option for option in options(command) if not option.letter or option.value is not None]
    for option in given:
        flag = option.text.partition("=")[0]
        if option.value is None or flag in INPUTS or is_neutral(command, option):
            continue
        if not _MODE.match(option.value.text):  # NeighbourMode has these
            yield from _tokens(option.value, where)
    for word in command.words:
        head, equals, _ = word.text.partition("=")
        fixed = not head or head in INPUTS or _MODE.match(word.text)
        if equals and word.kind in ("word", "concatenation") and not word.expansions and not fixed:
            yield from _tokens(word, where, len(head) + 1)
    if base_name(command) in _NAMED:
        for word in operands(command)[_NAMED[base_name(command)] :]:
            yield from _tokens(word, where)
    if base_name(command) in ("echo", "printf", "at", "su"):
        for word in command.words:
            if command.writes or command.statement.stages:
                yield from _tokens(word, where)


def _whole(word: Word, where: str) -> Iterator[Literal]:
    if not word.expansions and word.kind == "word":
        yield Literal(word.text, word.start, word.end, where)


def _tokens(word: Word, where: str, begin: int = 0) -> Iterator[Literal]:
    """The words, numbers and paths in a word of a command, from an offset on; not those that touch an expansion."""
    if word.kind == "raw_string" and re.search(r"[{\\^$*|]", word.text):
        return  # a program of its own: sed, a patch, a pattern
    for match in _TOKEN.finditer(word.text, begin):
        start, end = word.start + match.start(), word.start + match.end()
        if not any(start <= each.end and each.start <= end for each in word.expansions):
            yield Literal(match[0], start, end, where)
