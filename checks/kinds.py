"""The whole table of kinds."""

from __future__ import annotations

from rung.checks.registry import KINDS, Expectation


def load_kinds() -> dict[str, type[Expectation]]:
    """Name -> class of every kind that there is."""
    import rung.checks.linux  # noqa: F401  # importing it enters its kinds in the table

    return KINDS
