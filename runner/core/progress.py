"""How long work tells its steps."""

from __future__ import annotations

from collections.abc import Callable

# Told each step as it begins: ("boot", "node1"). Raising from it interrupts the work.
Progress = Callable[[str, str], None]


def silent(_step: str, _what: str) -> None:
    """A Progress that tells nobody."""
