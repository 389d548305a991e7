"""Texts compared with what a lab expects: regular expressions on lines, whole lines, exact content."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import AfterValidator

from rung.checks.core.registry import expected


def _compiled(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


Regex = Annotated[str, AfterValidator(_compiled)]


def backticked(text: str, longest: int = 100) -> str:
    """A text in backticks on one line, cut after `longest` characters."""
    flat = text.replace("\n", "\\n").replace("\t", "\\t")
    return f"`{flat}`" if len(flat) <= longest else f"`{flat[:longest]}`..."


def lines_of(text: str) -> list[str]:
    """The lines of a text; only a newline ends a line, and the last may lack it."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def pattern_reasons(subject: str, text: str, matches: Iterable[str], lacks: Iterable[str] = ()) -> Iterator[str]:
    """A reason for each expression of `matches` without a matching line, and of `lacks` with one."""
    lines = lines_of(text)
    for pattern in matches:
        if not any(re.search(pattern, line) for line in lines):
            yield expected(subject, f"a line that matches {backticked(pattern)}", _summary(lines))
    for pattern in lacks:
        hit = next((n for n, line in enumerate(lines) if re.search(pattern, line)), None)
        if hit is not None:
            yield expected(subject, f"no line that matches {backticked(pattern)}", _numbered(lines, hit))


def line_reasons(subject: str, text: str, wanted: Iterable[str], unwanted: Iterable[str] = ()) -> Iterator[str]:
    """A reason for each missing line of `wanted` and each present line of `unwanted`.

    White space at the end of a line is ignored.
    """
    lines = [line.rstrip() for line in lines_of(text)]
    for line in wanted:
        if line.rstrip() not in lines:
            yield expected(subject, f"the line {backticked(line)}", _nearest(line, lines))
    for line in unwanted:
        if line.rstrip() in lines:
            yield expected(subject, f"no line {backticked(line)}", f"line {lines.index(line.rstrip()) + 1}")


def content_reasons(subject: str, want: str, found: str) -> Iterator[str]:
    """A reason for the first difference of two texts, if there is one."""
    if want == found:
        return
    if want.rstrip("\n") == found.rstrip("\n"):
        yield expected(f"{subject}: newlines at the end", _newlines(want), _newlines(found))
        return
    wanted, present = lines_of(want), lines_of(found)
    if len(wanted) <= 1 and len(present) <= 1:
        yield expected(subject, _line(wanted, 0), _line(present, 0))
        return
    at = next(n for n in range(max(len(wanted), len(present))) if wanted[n : n + 1] != present[n : n + 1])
    yield expected(f"{subject}: line {at + 1}", _line(wanted, at), _line(present, at))


def _newlines(text: str) -> int:
    return len(text) - len(text.rstrip("\n"))


def _line(lines: list[str], number: int) -> str:
    return backticked(lines[number]) if number < len(lines) else "nothing"


def _numbered(lines: list[str], number: int) -> str:
    return backticked(lines[number]) if len(lines) == 1 else f"line {number + 1}: {backticked(lines[number])}"


def _summary(lines: list[str]) -> str:
    if len(lines) > 1:
        return f"none in {len(lines)} lines"
    return _line(lines, 0)


def _nearest(line: str, lines: list[str]) -> str:
    close = difflib.get_close_matches(line, lines[:2000], n=1, cutoff=0.7)
    return _numbered(lines, lines.index(close[0])) if close else _summary(lines)
