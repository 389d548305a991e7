"""Lint a lab, its tracks or an exam: all mistakes that can be found without a machine, each with its place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rung.runner.authoring import lint_scripts, lint_text
from rung.runner.authoring.finding import LintFinding
from rung.runner.catalog.tracks import read_skills, read_tracks
from rung.runner.core.errors import LabFileError, UsageError
from rung.runner.exams import loader as examfile
from rung.runner.exams.compose import compose
from rung.runner.exams.paper import remarks
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

SEEDS = (1, 2, 3, 4, 5)


def lint(folder: Path, *, advice: bool = True) -> list[LintFinding]:
    """All findings about the lab in `folder`, sorted by file and place; [] where there are none.

    A finding prints as `path:line:column: sentence`. Without `advice` only findings that a proof fails by.
    Nothing of the lab is run. The lab is read with several seeds, since a mistake may show with some values only.
    """
    labs, groups = _loaded(folder)
    if labs:
        groups.append(list(lint_scripts.findings(labs[0], advice=advice)))
        groups += [list(lint_text.findings(lab)) for lab in labs]
    return sorted(finding for finding in _first(groups) if advice or not finding.advice)


def lint_tracks(home: Path) -> list[LintFinding]:
    """Mistakes in the tracks and skills below `home`: unknown ids, ids used twice, circles."""
    found: set[LintFinding] = set()
    for read in (read_skills, read_tracks):
        try:
            read(home)
        except LabFileError as error:
            found |= set(_findings(error))
    return sorted(found)


def lint_exam(path: Path) -> list[LintFinding]:
    """All findings about the exam in a file: its mistakes, and as advice what a draw cannot fulfil.

    Whether its labs can run on this computer does not matter here.
    """
    try:
        exam = examfile.load(path)
        paper = compose(exam, SEEDS[0], lambda _need: {})
    except LabFileError as error:
        return _findings(error)
    except UsageError as error:
        return [LintFinding(path, 1, 1, str(error))]
    return [LintFinding(path, 1, 1, sentence, advice=True) for sentence in remarks(paper)]


def _findings(error: LabFileError) -> list[LintFinding]:
    return [LintFinding(m.path, m.line, m.column, m.sentence) for m in error.mistakes]


def _loaded(folder: Path) -> tuple[list[Lab], list[list[LintFinding]]]:
    """The lab as several seeds draw it (one, if it draws nothing), and the mistakes of each seed that fails to load."""
    labs, groups = [], []
    for seed in SEEDS:
        try:
            lab = loader.load(folder, seed)
        except LabFileError as error:
            groups.append(_findings(error))
            continue
        labs.append(lab)
        if not lab.values:
            break
    return labs, groups


def _first(groups: Iterable[list[LintFinding]]) -> list[LintFinding]:
    """The findings of the first group that has any, for each place: other seeds repeat them with other values."""
    kept: dict[tuple[Path, int, int], list[LintFinding]] = {}
    for group in groups:
        told = set(kept)
        for finding in group:
            place = (finding.path, finding.line, finding.column)
            if place not in told and finding not in kept.setdefault(place, []):
                kept[place].append(finding)
    return [finding for findings in kept.values() for finding in findings]
