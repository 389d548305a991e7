"""A lab's mutants.yaml: the mutants that survive because they are right, too, each with its reason.

omit-option-3fa2c1:
  what: leaves out `-p` of `cp -p a b`
  why: The mode is asked by another task.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rung.runner.authoring.mutation.mutants import Mutant
from rung.runner.core.text import found
from rung.runner.lab import yaml_tree
from rung.runner.lab.folder import MUTANTS
from rung.runner.lab.yaml_tree import Document

_ID = re.compile(r"(?P<operator>[a-z][a-z0-9]*(-[a-z0-9]+)*)-[0-9a-f]{6}$")
_KEYS = ("what", "why")


@dataclass(frozen=True)
class DeclaredMutant:
    """One entry: the mutant's id, what it changes, and why that is right, too. `line`, `column`: its place."""

    id: str
    what: str
    why: str
    line: int
    column: int

    @property
    def operator(self) -> str:
        """The name of the operator that made the mutant."""
        match = _ID.match(self.id)
        return match["operator"] if match else ""


def read(folder: Path) -> dict[str, DeclaredMutant]:
    """The entries of a lab by id; {} without the file. Raises LabFileError with all mistakes of its form."""
    path = folder / MUTANTS
    if not path.exists():
        return {}
    document = yaml_tree.read(path)
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        document.mistake((), f"expected a mapping of mutants, found {found(data)}")
        data = {}
    entries = [_entry(document, str(name), value) for name, value in data.items()]
    document.check()
    return {entry.id: entry for entry in entries}


def check(folder: Path, mutants: Iterable[Mutant], operators: Iterable[str]) -> None:
    """Raise LabFileError where an entry names no mutant of the lab, or says something else of it.

    mutants: all of the lab. operators: the names of those that made them; entries of other operators are not checked,
    since the operators of a pack run only where it is trusted.
    """
    document = Document(folder / MUTANTS)
    known = {mutant.id: mutant for mutant in mutants}
    names = set(operators)
    for entry in read(folder).values():
        place = (entry.id,)
        document.keys[place] = (entry.line, entry.column)
        mutant = known.get(entry.id)
        if mutant is None and entry.operator in names:
            meant = next((each.id for each in known.values() if each.what == entry.what), "")
            suggestion = f"; did you mean `{meant}`?" if meant else ""
            document.mistake(place, f"this lab has no mutant `{entry.id}`{suggestion}", key=True)
        elif mutant is not None and mutant.what != entry.what:
            document.mistake(place, f"`what` of `{entry.id}` should be: {mutant.what}", key=True)
    document.check()


def entry_text(mutant: Mutant) -> str:
    """An entry for mutants.yaml whose reason is to be filled in."""
    return f"{mutant.id}:\n  what: {json.dumps(mutant.what, ensure_ascii=False)}\n  why:\n"


def _entry(document: Document, name: str, value: object) -> DeclaredMutant:
    if not _ID.match(name):
        document.mistake((name,), f"`{name}` is no mutant's id: an operator's name and six digits", key=True)
    if not isinstance(value, dict):
        document.mistake((name,), f"expected `what` and `why`, found {found(value)}")
        value = dict.fromkeys(_KEYS, "?")
    for key in value:
        if key not in _KEYS:
            document.mistake((name, key), f"unknown key `{key}`{document.meant(str(key), _KEYS)}", key=True)
    for key in _KEYS:
        if not isinstance(value.get(key), str) or not value[key].strip():
            document.mistake((name,), f"`{key}` is missing", key=True)
    line, column = document.place((name,), key=True)
    return DeclaredMutant(name, str(value.get("what", "")).strip(), str(value.get("why", "")).strip(), line, column)
