"""Records of labs whose mutants were tried: counts, and a digest of everything that decides the outcome.

The digest covers what the lab's proof depends on, the mutants' scripts, the ids of the declared ones, and the code
that tries them. The operators count only by the mutants that they make, so their code may change as long as these stay.
Records are kept in `mutants.json`, beside or above the labs; where there is no such file nothing is recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Literal

from rung.runner.authoring import proof_records, record_file
from rung.runner.authoring.mutation import declared
from rung.runner.authoring.mutation.lab_mutation import Counts, LabMutation
from rung.runner.authoring.mutation.mutants import most, mutants
from rung.runner.authoring.mutation.pack import RECORDS, operators_of
from rung.runner.authoring.proof_code import decisive_text
from rung.runner.core.errors import RungError
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

SEED = 1  # draws the values of the labs whose mutants are tried
_TRIAL = Path(__file__).with_name("trial.py")

State = Literal["none", "valid", "stale"]


def fingerprint(lab: Lab) -> str:
    """SHA-256 (hex) of everything that decides what becomes of a lab's mutants.

    Raises LabFileError for mistakes in mutants.yaml or the pack's operators, UsageError where these are not trusted.
    """
    total = hashlib.sha256(proof_records.fingerprint(lab).encode())
    total.update(decisive_text(_TRIAL))
    total.update(f"\0{most(lab)}".encode())
    for mutant in mutants(lab, operators_of(lab.folder)):
        total.update(f"\0{mutant.id}\0{mutant.text}".encode())
    for name in sorted(declared.read(lab.folder)):
        total.update(f"\0{name}".encode())
    return total.hexdigest()


def record(results: list[LabMutation]) -> None:
    """Record labs whose survivors are all declared, where a `mutants.json` is above them.

    Raises UsageError for a `mutants.json` that cannot be read.
    """
    entered = [each for each in results if each.ok and record_file.nearest(each.folder, RECORDS) is not None]
    new = {
        each.folder: {"digest": fingerprint(loader.load(each.folder, SEED)), **each.counts.as_json()}
        for each in entered
    }
    record_file.enter(RECORDS, new)


def state(folder: Path) -> State:
    """Whether a lab has a record, and whether that is of its present form and the present code."""
    file = record_file.nearest(folder, RECORDS)
    entry = None if file is None else record_file.read(file).get(record_file.key(file, folder))
    if not isinstance(entry, dict):
        return "none"
    try:
        return "valid" if entry.get("digest") == fingerprint(loader.load(folder, SEED)) else "stale"
    except RungError:
        return "stale"


def counts(file: Path) -> Mapping[str, Counts]:
    """The counts in a file of records, by the lab's key. Raises UsageError for a file that cannot be read."""
    names = [each.name for each in fields(Counts)]
    return {
        key: Counts(**{name: int(entry.get(name, 0)) for name in names})
        for key, entry in record_file.read(file).items()
        if isinstance(entry, dict)
    }
