"""Parts of reasons that the kinds share: lists, excerpts, and a tool that gave no answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rung.checks.core.channel import Result
from rung.checks.core.registry import expected

_NO_COMMAND = 127  # a shell's exit status for a command that it cannot find


def listed(things: Iterable[object]) -> str:
    """`a, b, c`, or `none`."""
    return ", ".join(str(t) for t in things) or "none"


def yes_no(flag: bool) -> str:
    """`yes` or `no`."""
    return "yes" if flag else "no"


def no_answer(what: str, tool: str, result: Result) -> str:
    """The reason for a check whose `tool` gave no answer about `what`: it fails, whatever it asked.

    It is a failure and not broken, so that a learner gains nothing by removing a tool or breaking its library.
    """
    lines = result.stderr.strip().splitlines()
    found = lines[-1].strip() if lines else f"exit status {result.rc}"
    if result.rc == _NO_COMMAND:
        found = "no such command"
    return expected(what, f"an answer from `{tool}`", found)


def pattern_found(pattern: str, text: str) -> bool:
    """Whether a regular expression matches somewhere in `text` (^ and $ match at each line)."""
    return re.search(pattern, text, re.MULTILINE) is not None


def excerpt(text: str, length: int = 80) -> str:
    """The first `length` characters of a text in backticks, or `nothing`, for a reason."""
    text = text.strip()
    return f"`{text[:length]}`{'...' if len(text) > length else ''}" if text else "nothing"
