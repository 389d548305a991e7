"""Which operators make a lab's mutants: Rung's own, and those in `operators.py` beside the pack's mutants.json."""

from __future__ import annotations

from pathlib import Path

from rung.runner.authoring import record_file
from rung.runner.authoring.mutation.operators import registry
from rung.runner.authoring.mutation.operators.base import Operator
from rung.runner.catalog import trust
from rung.runner.core.errors import UsageError

RECORDS = "mutants.json"


def operators_file(folder: Path) -> Path | None:
    """The file with the operators of a lab's pack; None where there is none."""
    records = record_file.nearest(folder, RECORDS)
    file = records.with_name(registry.FILE) if records is not None else None
    return file if file is not None and file.is_file() else None


def operators_of(folder: Path) -> tuple[Operator, ...]:
    """Rung's operators and those of the lab's pack.

    Raises UsageError where the pack has some and is not trusted with its changes, LabFileError where they have
    mistakes.
    """
    file = operators_file(folder)
    if file is None:
        return registry.BUILT_IN
    try:
        trust.require(file.parent)
    except UsageError:
        raise UsageError(
            f"{file} runs on this computer, and its folder is not trusted with its changes.",
            fix=f"`rung trust {file.parent} --edits` trusts the pack that you write.",
        ) from None
    return (*registry.BUILT_IN, *registry.of_pack(file))
