"""Read a lab as a careful colleague would: every mistake and every doubt that needs no machine, with its place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rung.runner import labfile
from rung.runner.authoring import lint_scripts, lint_text
from rung.runner.authoring.finding import Finding
from rung.runner.errors import LabFileError
from rung.runner.lab import Lab

SEEDS = (1, 2, 3, 4, 5)


def lint(folder: Path, *, advice: bool = True) -> list[Finding]:
    """All findings about the lab in `folder`, by file and place; [] for a lab that reads well.

    A finding prints as `path:line:column: sentence`. Without `advice` only what stands in the way of a proof.

    Nothing of the lab is run. What the loader reports is found with several seeds, for a value may fit
    where another does not.
    """
    labs, found = _loaded(folder)
    if labs:
        found += lint_scripts.findings(labs[0], advice=advice)
        found += [finding for lab in labs for finding in lint_text.findings(lab)]
    return sorted(finding for finding in _once(found) if advice or not finding.advice)


def _loaded(folder: Path) -> tuple[list[Lab], list[Finding]]:
    """The lab as different seeds draw it, and the mistakes with those that cannot be read."""
    labs, mistakes = [], []
    for seed in SEEDS:
        try:
            lab = labfile.load(folder, seed)
        except LabFileError as error:
            mistakes += [Finding(m.path, m.line, m.column, m.sentence) for m in error.mistakes]
            continue
        labs.append(lab)
        if not lab.values:
            break
    return labs, mistakes


def _once(found: Iterable[Finding]) -> list[Finding]:
    """One finding for each place and reason: other seeds say the same with other names."""
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        kept.setdefault((finding.path, finding.line, finding.column, finding.advice, finding.sentence), finding)
    return list(kept.values())
