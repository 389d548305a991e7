"""Generates docs/mutants.md, the table of mutants of the labs that come with Rung, from labs/mutants.json.

python -m rung.runner.authoring.mutation.docs            writes it
python -m rung.runner.authoring.mutation.docs --check    reports a page that is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rung.runner.authoring.mutation import records
from rung.runner.authoring.mutation.lab_mutation import Counts
from rung.runner.authoring.mutation.mutants import (
    MOST_AFTER_RESTART,
    MOST_IN_NAMESPACE,
    MOST_ON_CLUSTERS,
    MOST_ON_MACHINES,
)
from rung.runner.authoring.mutation.operators.base import Operator
from rung.runner.authoring.mutation.operators.registry import BUILT_IN
from rung.runner.authoring.mutation.pack import RECORDS
from rung.runner.core.generated_file import write_or_check
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders

PAGE = Path(__file__).parents[3] / "docs" / "mutants.md"
COMMAND = "python -m rung.runner.authoring.mutation.docs"
_HEAD = f"""\
# Mutants of the bundled labs

Generated from `labs/{RECORDS}` by `{COMMAND}`; `make mutants` tries all labs and writes it again.

A mutant is a right answer with one change that should cost points: something left out, undone, or a little different.
*Tried* mutants ran on real machines and were graded. *Killed* ones lost points; among them are those that ran into
the time limit (*late*) and those that broke their machine or cluster (*broken*). *Declared* ones earn all points
because they are right, too: the lab's `mutants.yaml` gives the reason of each. *Left out* are those beyond the limit of
a lab: at most {MOST_ON_MACHINES} on Linux machines, {MOST_AFTER_RESTART} where grading restarts machines,
{MOST_IN_NAMESPACE} in the namespaces of a cluster, {MOST_ON_CLUSTERS} in a lab that uses up its cluster. They are taken
from the operators by turns, and always the same. A lab is recorded only when every survivor is declared;
dashes stand where a lab has no record yet.
"""


def text() -> str:
    """The content of docs/mutants.md."""
    found = records.counts(BUNDLED_LABS / RECORDS)
    rows = [_row(key, found.get(key)) for key in _labs()]
    tried = [found[key] for key in _labs() if key in found]
    total = Counts(**{name: sum(getattr(each, name) for each in tried) for name in vars(Counts())})
    table = "\n".join(
        [
            "| lab | tried | killed | late | broken | declared | left out |",
            "|---|---|---|---|---|---|---|",
            *rows,
            _row(f"**{len(tried)} of {len(rows)} labs**", total),
        ]
    )
    return f"{_HEAD}\n{table}\n\n{operators_table()}"


def operators_table() -> str:
    """The section that says what each operator does."""
    rows = "\n".join(f"| `{each.name}` | {_said(each)} |" for each in BUILT_IN)
    return f"## Operators\n\n| operator | what it does |\n|---|---|\n{rows}\n"


def _said(operator: Operator) -> str:
    return " ".join((type(operator).__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")


def _labs() -> Iterator[str]:
    for kind in ("linux", "kubernetes"):
        yield from (folder.relative_to(BUNDLED_LABS).as_posix() for folder in lab_folders(BUNDLED_LABS / kind))


def _row(name: str, counts: Counts | None) -> str:
    if counts is None:
        return f"| {name} | - | - | - | - | - | - |"
    shown = (counts.tried, counts.killed, counts.late, counts.broken, counts.declared, counts.left_out)
    return f"| {name} | {' | '.join(map(str, shown))} |"


def main(arguments: list[str]) -> int:
    """Write the page, or compare it with `--check`. Returns the exit code: 1 if it is out of date."""
    return write_or_check(arguments, PAGE, text(), COMMAND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
