"""A finding of the linter."""

from __future__ import annotations

from dataclasses import dataclass

from rung.runner.core.errors import Mistake


@dataclass(frozen=True, order=True)
class LintFinding(Mistake):
    """A mistake in a lab; with `advice` something that may be intended, which a proof ignores."""

    advice: bool = False
