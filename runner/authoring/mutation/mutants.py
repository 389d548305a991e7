"""Derives mutants from a lab's right answers: the solution and each script in `also/`.

The list depends on the lab's files and the operators alone, never on the computer.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.operators.registry import BUILT_IN
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, applied
from rung.runner.authoring.mutation.syntax.shell import Script
from rung.runner.authoring.mutation.syntax.words import looks
from rung.runner.lab.model import Lab

# Mutants of a lab that are tried, so that all bundled labs take less than 90 minutes on two cores: a reset takes 1.4 s
# on Linux machines, 4 s in namespaces, 20 s for a cluster (docs/bench.md); grading with a restart takes 4 s.
MOST_ON_MACHINES = 48
MOST_AFTER_RESTART = 24
MOST_IN_NAMESPACE = 20
MOST_ON_CLUSTERS = 8


@dataclass(frozen=True)
class Mutant:
    """A right answer with one change. `what`: the change, as the predicate of a sentence about the script."""

    id: str  # the operator's name and six hexadecimal digits; stays the same while the change does
    operator: str
    source: str  # the right answer's file, relative to the lab's folder
    line: int
    what: str
    text: str
    diff: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line} {self.what}"


@dataclass(frozen=True)
class Mutants:
    """A lab's mutants: those to try, and how many more there are."""

    chosen: tuple[Mutant, ...]
    left_out: int = 0


def right_answers(folder: Path) -> list[Path]:
    """The scripts of the right answers, the solution first."""
    solution = folder / "solution.sh"
    return [path for path in (solution, *sorted((folder / "also").glob("*.sh"))) if path.is_file()]


def most(lab: Lab) -> int:
    """How many of a lab's mutants are tried."""
    if lab.cluster is not None:
        return MOST_ON_CLUSTERS if lab.cluster.scope == "cluster" else MOST_IN_NAMESPACE
    return MOST_AFTER_RESTART if lab.rebooted() else MOST_ON_MACHINES


def mutants(lab: Lab, operators: Sequence[Operator] = BUILT_IN) -> list[Mutant]:
    """Every distinct mutant of a lab, by source, operator and place.

    A script that says the same as another mutant, a right answer or a wrong one of the lab is left out.
    """
    answers = {path.relative_to(lab.folder).as_posix(): path.read_text("utf-8") for path in right_answers(lab.folder)}
    wrong = [path.read_text("utf-8") for path in sorted((lab.folder / "wrong").glob("*.sh"))]
    seen = {_meaning(text) for text in (*answers.values(), *wrong)}
    seen |= {_meaning(_shortened(Script(text))) for text in answers.values()}
    found = []
    for source, text in answers.items():
        for mutant in _of(source, text, lab.values, operators):
            meaning = _meaning(mutant.text)
            if meaning not in seen:
                seen.add(meaning)
                found.append(mutant)
    return found


def choose(found: Sequence[Mutant], limit: int, operators: Sequence[Operator] = BUILT_IN) -> Mutants:
    """At most `limit` mutants, taken from the operators by turns; those that bash cannot read are dropped.

    Which mutants of an operator come first is decided by their ids, so a change to a lab replaces few of them.
    """
    order = {mutant.id: number for number, mutant in enumerate(found)}
    queues = [
        sorted((m for m in found if m.operator == each.name), key=lambda m: hashlib.sha256(m.id.encode()).hexdigest())
        for each in operators
    ]
    chosen: list[Mutant] = []
    dropped = 0
    for mutant in (m for row in zip_longest(*queues) for m in row if m is not None):
        if len(chosen) == limit:
            break
        if is_bash(mutant.text):
            chosen.append(mutant)
        else:
            dropped += 1
    chosen.sort(key=lambda mutant: order[mutant.id])
    return Mutants(tuple(chosen), len(found) - len(chosen) - dropped)


def is_bash(text: str) -> bool:
    """Whether `bash -n` can read a script; True where there is no bash."""
    if (program := shutil.which("bash")) is None:
        return True
    done = subprocess.run(
        [program, "--norc", "-n", "-s"], input=text.encode(), capture_output=True, timeout=10, check=False
    )
    return done.returncode == 0 and b"here-document" not in done.stderr


def _of(source: str, text: str, values: Mapping[str, Any], operators: Iterable[Operator]) -> Iterator[Mutant]:
    script = Script(text)
    answer = Answer(script, values)
    trailing = _trailing(script)
    times: Counter[tuple[str, str]] = Counter()
    for operator in operators:
        for change in sorted(operator.changes(answer), key=lambda each: (each.start, each.what)):
            changed = _applied(text, change, trailing)
            if changed is None:
                continue
            times[operator.name, change.what] += 1
            name = f"{source}\0{change.what}\0{times[operator.name, change.what]}"
            digest = hashlib.sha256(name.encode()).hexdigest()[:6]
            yield Mutant(
                id=f"{operator.name}-{digest}",
                operator=operator.name,
                source=source,
                line=script.line(change.start),
                what=change.what,
                text=changed,
                diff=_diff(text, applied(text, change.edits)),
            )


def _applied(text: str, change: Change, trailing: Sequence[Edit]) -> str | None:
    """The script with a change, without what only looks at its end; None where edits overlap."""
    try:
        return applied(text, [*change.edits, *(t for t in trailing if not any(_touch(t, e) for e in change.edits))])
    except ValueError:
        return None


def _touch(one: Edit, other: Edit) -> bool:
    return one.start < other.end and other.start < one.end


def _trailing(script: Script) -> list[Edit]:
    """Edits that take out the statements at the end that only look or wait: grading waits itself."""
    acting = [each.end for each in script.statements if not looks(each) and not each.captured]
    last = max(acting, default=0)
    edits: list[Edit] = []
    for each in script.statements:
        if each.start >= last and (not edits or each.start >= edits[-1].end):
            edits.append(Edit(each.start, each.end, ":"))
    return edits


def _shortened(script: Script) -> str:
    return applied(script.text, _trailing(script))


def _meaning(text: str) -> str:
    """A script without comments, empty lines, `:` and blanks at the ends of lines."""
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(
        line
        for line in lines
        if line.strip() not in ("", ":") and (not line.lstrip().startswith("#") or line.startswith("#@"))
    )


def _diff(before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))
