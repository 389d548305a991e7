"""One finding of lint."""

from __future__ import annotations

from dataclasses import dataclass

from rung.runner.core.errors import Mistake


@dataclass(frozen=True, order=True)
class LintFinding(Mistake):
    """What is wrong; with `advice` what may be meant so: worth a look, and no obstacle to a proof."""

    advice: bool = False
