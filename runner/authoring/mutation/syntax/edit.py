"""Edits of a text, by offsets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST = 70  # characters of a quotation


@dataclass(frozen=True, order=True)
class Edit:
    """Replaces the characters from `start` to `end` (exclusive, both offsets into the old text) by `text`."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True)
class Change:
    """One change to a script. `what`: the change as the predicate of a sentence ("leaves out `chmod 600 a`")."""

    what: str
    edits: tuple[Edit, ...]

    @property
    def start(self) -> int:
        """The offset at which the change begins."""
        return min(edit.start for edit in self.edits)


def change(what: str, *edits: Edit) -> Change:
    """A change made of these edits."""
    return Change(what, edits)


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Raises ValueError where two of them overlap."""
    done: list[str] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise ValueError(f"two edits overlap at {edit.start}")
        done += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*done, text[at:]])


def quoted(text: str) -> str:
    """A piece of a script for a sentence: its first line in backquotes, cut off after 70 characters."""
    first, *rest = text.strip().split("\n")
    shown = first.rstrip() if len(first) <= _LONGEST else first[:_LONGEST].rstrip()
    return f"`{shown}`" if shown == text.strip() and not rest else f"`{shown} …`"
