"""Leaves something out: a command, a stage of a pipeline, a line of a here-document, an element of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rung.runner.authoring.mutation.operators.base import PREPARING, Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.manifests import is_data
from rung.runner.authoring.mutation.syntax.shell import HereDocument, Word, reads
from rung.runner.authoring.mutation.syntax.words import base_name, operands

# Lines of a here-document that nobody can grade: comments, headings of sections, descriptions.
_COSMETIC = re.compile(r"\s*(#|//|\[.*\]\s*$|Description=|Documentation=)")
_COMMAS = re.compile(r"[\w.:/%=+*-]+(,[\w.:/%=+*-]+)+")
_FLAG = re.compile(r"--[\w-]+=")
_SHELL = re.compile(r"#! ?\S*(/|env )(ba|da)?sh\b")
_FREE_TEXT = ("echo", "printf", "sed", "awk", "grep", "jq", "ssh", "su", "find")
# Commands that do the same with each operand -> how many operands in front are something else.
_EACH = {
    "chgrp": 1, "chmod": 1, "chown": 1, "dnf": 1, "apt-get": 1, "enable": 0, "mkdir": 0, "rm": 0, "touch": 0,
    "setfacl": 0, "systemctl": 1,
}  # fmt: skip


class OmitCommand(Operator):
    """Leaves out a statement that changes something; `:` takes its place."""

    name = "omit-command"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for each in answer.acts:
            if any(command.name in PREPARING for command in each.commands[:1]):
                continue  # the next line would fail on an unset variable
            yield change(f"leaves out {quoted(each.text)}", Edit(each.start, each.end, ":"))


class OmitStage(Operator):
    """Leaves out a stage of a pipeline, other than the first."""

    name = "omit-stage"

    def changes(self, answer: Answer) -> Iterator[Change]:
        text = answer.script.text
        for each in answer.acts:
            for (_, before), (start, end) in zip(each.stages, each.stages[1:], strict=False):
                yield change(f"leaves out {quoted(f'| {text[start:end]}')}", Edit(before, end))


class OmitLine(Operator):
    """Leaves out a line of a here-document. Of YAML and JSON other operators drop fields."""

    name = "omit-line"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for command in answer.script.commands:
            for here in command.here:
                if is_data(answer.script, here):
                    continue
                at = 0
                for line in here.text.splitlines(keepends=True):
                    if line.strip() and not _COSMETIC.match(line) and _still_reads(here, at, len(line)):
                        edit = Edit(here.start + at, here.start + at + len(line))
                        yield change(f"leaves out the line {quoted(line)}", edit)
                    at += len(line)


def _still_reads(here: HereDocument, at: int, length: int) -> bool:
    """Whether a here-document that is a shell's script is one without a line, too; other texts are not read."""
    if not _SHELL.match(here.text):
        return True
    text = here.text[:at] + here.text[at + length :]
    return reads(text.replace("\\$", "$") if here.expands else text)


class OmitElement(Operator):
    """Leaves out an element of a list: of `a,b,c`, of a loop's words, of several operands, of `\\n`-separated lines."""

    name = "omit-element"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for words in answer.script.lists:
            yield from self._one_of(words)
        for command in answer.commands:
            first = _EACH.get(base_name(command))
            if first is not None and len(operands(command)) > first + 1:
                yield from self._one_of(operands(command)[first:])
            for word in command.words:
                if base_name(command) not in _FREE_TEXT:
                    yield from self._of_commas(word)
                elif base_name(command) == "printf":
                    yield from self._of_lines(word)
                elif base_name(command) == "sed":
                    yield from self._of_edits(word)

    @staticmethod
    def _one_of(words: Sequence[Word]) -> Iterator[Change]:
        for word in words:
            yield change(f"leaves out {quoted(word.text)} of a list", Edit(word.start, word.end))

    @staticmethod
    def _of_commas(word: Word) -> Iterator[Change]:
        flag = _FLAG.match(word.text)
        for match in _COMMAS.finditer(word.text, flag.end() if flag else 0):
            start, end = word.start + match.start(), word.start + match.end()
            if not any(each.start < end and start < each.end for each in word.expansions):
                yield from _parted(word, match.start(), match[0], ",")

    @staticmethod
    def _of_lines(word: Word) -> Iterator[Change]:
        if word.kind in ("raw_string", "string"):
            yield from _parted(word, 1, word.text[1:-1], "\\n")

    @staticmethod
    def _of_edits(word: Word) -> Iterator[Change]:
        if word.kind in ("raw_string", "string"):
            yield from _parted(word, 1, word.text[1:-1], "; ")


def _parted(word: Word, offset: int, text: str, separator: str) -> Iterator[Change]:
    """A change for each part of `text`, which begins at `offset` in the word; nothing where there is one part."""
    parts = text.split(separator)
    if sum(bool(part) for part in parts) < 2:
        return
    at = word.start + offset
    for number, part in enumerate(parts):
        first = number == 0
        if part and not _COSMETIC.match(part):
            start = at if first else at - len(separator)
            end = at + len(part) + (len(separator) if first else 0)
            yield change(f"leaves out {quoted(part)} of {quoted(text)}", Edit(start, end))
        at += len(part) + len(separator)
