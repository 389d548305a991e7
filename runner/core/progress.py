"""Reports the steps of long work."""

from __future__ import annotations

from collections.abc import Callable

# Called with each step as it begins: ("boot", "node1"). An exception that it raises interrupts the work.
Progress = Callable[[str, str], None]


def silent(_step: str, _what: str) -> None:
    """A Progress that reports nothing."""
