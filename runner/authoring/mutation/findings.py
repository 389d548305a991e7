"""What `rung author lint` says of a lab's mutants: mistakes in mutants.yaml, declared mutants, a missing record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rung.runner.authoring import record_file
from rung.runner.authoring.finding import LintFinding
from rung.runner.authoring.mutation import declared, records
from rung.runner.authoring.mutation.mutants import mutants
from rung.runner.authoring.mutation.operators.registry import BUILT_IN
from rung.runner.authoring.mutation.pack import RECORDS
from rung.runner.core.errors import LabFileError, UsageError
from rung.runner.lab import loader
from rung.runner.lab.folder import MUTANTS
from rung.runner.lab.model import Lab

MOST_DECLARED = 5  # at most one of so many mutants should be declared


def findings(folder: Path) -> list[LintFinding]:
    """The findings about a lab's mutants, sorted by place; nothing of the lab is run, nor operators of its pack.

    Labs with mistakes of their own have none here. Advice: each declared mutant, more than one in five declared, and,
    where a `mutants.json` is above the lab, that the mutants were not tried in the lab's present form.
    """
    try:
        lab = loader.load(folder, records.SEED)
    except LabFileError:
        return []
    try:
        entries = declared.read(folder)
        if entries:
            declared.check(folder, mutants(lab), [each.name for each in BUILT_IN])
    except LabFileError as error:
        return sorted(LintFinding(m.path, m.line, m.column, m.sentence) for m in error.mistakes)
    shown = [
        LintFinding(folder / MUTANTS, e.line, e.column, f"declared as right, too: it {e.what}. {e.why}", advice=True)
        for e in entries.values()
    ]
    return sorted([*shown, *_of_record(lab)])


def _of_record(lab: Lab) -> Iterator[LintFinding]:
    at = lab.folder / loader.FILE
    file = record_file.nearest(lab.folder, RECORDS)
    if file is None:
        return
    command = f"`rung author mutate {lab.name}`"
    try:
        state = records.state(lab.folder)
        found = records.counts(file).get(record_file.key(file, lab.folder))
    except UsageError as error:
        yield LintFinding(file, 1, 1, str(error))
        return
    if state == "none":
        yield LintFinding(at, 1, 1, f"nobody has tried this lab's mutants: {command} does", advice=True)
    elif state == "stale":
        sentence = f"this lab's mutants were tried before it or its grader changed: {command} tries them again"
        yield LintFinding(at, 1, 1, sentence, advice=True)
    if found is not None and found.declared * MOST_DECLARED > found.tried:
        sentence = (
            f"{found.declared} of {found.tried} mutants are declared as right, too: at most one in five should be"
        )
        yield LintFinding(at, 1, 1, sentence, advice=True)
