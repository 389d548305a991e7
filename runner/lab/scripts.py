"""Cuts a lab's shell scripts into parts by machine and user, and reads the headers of wrong answers.

A script holds no templates: values reach it as environment variables, so that a learner can type it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rung.runner.core.errors import Mistake
from rung.runner.core.text import did_you_mean

_CUT = re.compile(r"^#@\s*(?P<machine>[a-z][a-z0-9-]*)(?:\s+as\s+(?P<user>[a-z_][a-z0-9_.-]*))?\s*$")
_CUT_LIKE = re.compile(r"^#@")
_FAILS = re.compile(r"^#\s*fails:\s*(?P<list>.+)$")
_AFTER = re.compile(r"^#\s*after:\s*(?P<word>\S+)\s*$")
_FAILURE = re.compile(r"^(?P<task>[a-z][a-z0-9-]*)\.(?P<check>[A-Za-z0-9_-]+)(?P<reboot>\s+after\s+reboot)?$")


@dataclass(frozen=True)
class Part:
    """Lines of a script that run on one machine as one user (None: root)."""

    machine: str
    user: str | None
    text: str
    line: int  # of the part's first line in its file, from 1


@dataclass(frozen=True)
class Failure:
    """A check that a wrong answer must fail."""

    task: str
    check: str
    after_reboot: bool = False

    def __str__(self) -> str:
        return f"{self.task}.{self.check}" + (" after reboot" if self.after_reboot else "")


@dataclass(frozen=True)
class Header:
    """The header of a script in wrong/: the checks that it fails, and the state in which it starts."""

    fails: tuple[Failure, ...] = ()
    after: Literal["start", "solution"] = "start"


class ScriptMistake(ValueError):
    """A misspelt `#@` line or header of a script."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


def scripts_of(folder: Path) -> list[Path]:
    """The scripts of a lab that Rung runs."""
    fixed = [path for path in (folder / "setup.sh", folder / "solution.sh") if path.is_file()]
    return fixed + [path for kind in ("also", "wrong") for path in sorted((folder / kind).glob("*.sh"))]


def mistakes(folder: Path, machines: Sequence[str]) -> Iterator[Mistake]:
    """The mistakes in a lab's scripts that can be found without a machine; `machines`: the names that exist."""
    for path in scripts_of(folder):
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            place = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
            yield Mistake(path, *place, "this is not UTF-8 text")
        except OSError as error:
            yield Mistake(path, 1, 1, f"this file cannot be read: {error.strerror}")
        else:
            yield from (Mistake(path, *found) for found in _mistakes(path, text, machines))


def _mistakes(path: Path, text: str, machines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    if path.parent.name == "wrong":
        try:
            header(text)
        except ScriptMistake as mistake:
            yield mistake.line, 1, mistake.sentence
    for number, line in enumerate(text.splitlines() if "#@" in text else (), 1):
        match = _CUT.match(line)
        if match is None:
            if _CUT_LIKE.match(line):
                yield number, 1, _misspelt(line)
        elif machines and match["machine"] not in machines:
            meant = did_you_mean(match["machine"], machines)
            yield number, match.start("machine") + 1, f"there is no machine `{match['machine']}`{meant}"


def _misspelt(line: str) -> str:
    return f"`{line}` should read `#@ MACHINE` or `#@ MACHINE as USER`"


def parts(text: str, default: str) -> list[Part]:
    """Cut a script at its `#@ MACHINE [as USER]` lines; the lines before the first of them run on `default`.

    Parts that hold only comments and blank lines are left out. Raises ScriptMistake.
    """
    found: list[tuple[str, str | None, list[str], int]] = [(default, None, [], 1)]
    for number, line in enumerate(text.splitlines(), 1):
        if match := _CUT.match(line):
            found.append((match["machine"], match["user"], [], number + 1))
        elif _CUT_LIKE.match(line):
            raise ScriptMistake(number, _misspelt(line))
        else:
            found[-1][2].append(line)
    return [
        Part(machine, user, "\n".join(lines) + "\n", first)
        for machine, user, lines, first in found
        if any(line.strip() and not line.lstrip().startswith("#") for line in lines)
    ]


def header(text: str) -> Header:
    """The `# fails:` and `# after:` lines in the leading comments of a script. Raises ScriptMistake."""
    fails: list[Failure] = []
    after: Literal["start", "solution"] = "start"
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            break
        if match := _FAILS.match(line):
            fails += [_failure(number, word.strip()) for word in match["list"].split(",") if word.strip()]
        elif match := _AFTER.match(line):
            if match["word"] not in ("start", "solution"):
                raise ScriptMistake(number, f"`after: {match['word']}` should be `after: solution` or `after: start`")
            after = "solution" if match["word"] == "solution" else "start"
    return Header(tuple(fails), after)


def _failure(line: int, word: str) -> Failure:
    match = _FAILURE.match(word)
    if match is None:
        raise ScriptMistake(line, f"`{word}` should read `task.check` or `task.check after reboot`")
    return Failure(match["task"], match["check"], bool(match["reboot"]))
