"""Small words that the kinds share: lists in sentences, and questions that their tool did not answer."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rung.checks.core.machine import Result
from rung.checks.core.registry import expected

_NO_COMMAND = 127  # what a shell says of a command that it does not find


def listed(things: Iterable[object]) -> str:
    """`a, b, c`, or `none`."""
    return ", ".join(str(t) for t in things) or "none"


def yes_no(flag: bool) -> str:
    """`yes` or `no`."""
    return "yes" if flag else "no"


def no_answer(what: str, tool: str, result: Result) -> str:
    """The reason of a question that `tool` could not answer: never a pass, whatever was asked.

    It is the learner's: who removes a tool or breaks its library cannot gain by it.
    """
    lines = result.stderr.strip().splitlines()
    found = lines[-1].strip() if lines else f"exit status {result.rc}"
    if result.rc == _NO_COMMAND:
        found = "no such command"
    return expected(what, f"an answer from `{tool}`", found)


def pattern_found(pattern: str, text: str) -> bool:
    """Whether a regular expression of a lab is found somewhere in `text` (^ and $ fit each line)."""
    return re.search(pattern, text, re.MULTILINE) is not None


def excerpt(text: str, length: int = 80) -> str:
    """The start of a text, quoted, for a reason."""
    text = text.strip()
    return f"`{text[:length]}`{'...' if len(text) > length else ''}" if text else "nothing"
