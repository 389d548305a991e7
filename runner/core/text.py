"""Parts of sentences for people."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean \\`x\\`?` for the known word nearest to `word`, or nothing."""
    near = difflib.get_close_matches(word[:100], list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def either(words: Iterable[str]) -> str:
    """The words as alternatives: `a`, `a or b`, `a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def found(value: Any) -> str:
    """A value as a message about a mistake shows it: in YAML's words, at most 60 characters of it."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else str(value)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}...`"
