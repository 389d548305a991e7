"""Leaves out an option of a command."""

from __future__ import annotations

from collections.abc import Iterator

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.shell import Command
from rung.runner.authoring.mutation.syntax.words import INPUTS, Option, is_neutral, options


class OmitOption(Operator):
    """Leaves out one option, with its value (`--permanent`, `-R`, `-n shop`), or a letter (`-a` of `-aG`)."""

    name = "omit-option"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for command in answer.commands:
            for option in options(command):
                if not is_neutral(command, option) and not _is_input(option):
                    what = f"leaves out `{option.text}{_value(option)}` of {quoted(command.text)}"
                    yield change(what, *_edits(command, option))


def _is_input(option: Option) -> bool:
    """Whether an option names the input of the command: without it there is nothing to do."""
    return option.text.partition("=")[0] in INPUTS


def _value(option: Option) -> str:
    if option.value is None:
        return ""
    text = option.value.text.split("\n")[0]
    return f" {text}" if len(text) <= 30 else f" {text[:30]} …"


def _edits(command: Command, option: Option) -> tuple[Edit, ...]:
    if not option.letter:
        return (Edit(option.start, option.end),)
    cluster = next(word for word in command.words if word.start < option.start < word.end + 1)
    if cluster.end - cluster.start == len("-x") or (option.value is not None and option.start == cluster.start + 1):
        return (Edit(cluster.start, option.end),)
    letter = Edit(option.start, option.start + 1)
    return (letter,) if option.value is None else (letter, Edit(option.value.start, option.value.end))
