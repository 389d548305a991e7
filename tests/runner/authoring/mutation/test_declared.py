"""mutants.yaml: its form, and whether its entries are mutants of the lab."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mutation_labs import mutation_lab
from rung.runner.authoring.mutation import declared
from rung.runner.authoring.mutation.findings import findings
from rung.runner.authoring.mutation.mutants import Mutant, mutants
from rung.runner.core.errors import LabFileError
from rung.runner.lab import loader

WHY = "Nobody asks for it."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return mutation_lab(tmp_path / "lab")


def write(folder: Path, text: str) -> Path:
    (folder / "mutants.yaml").write_text(text)
    return folder


def first(folder: Path) -> Mutant:
    return mutants(loader.load(folder, 1))[0]


def said(folder: Path) -> list[str]:
    return [str(finding).removeprefix(f"{folder}/") for finding in findings(folder)]


def test_an_entry_has_the_mutants_id_its_change_and_the_reason(folder: Path) -> None:
    entry = first(folder)
    write(folder, declared.entry_text(entry).replace("why:", f"why: {WHY}"))
    (found,) = declared.read(folder).values()
    assert (found.id, found.what, found.why, found.operator) == (entry.id, "leaves out `touch a`", WHY, "omit-command")


def test_without_the_file_nothing_is_declared(folder: Path) -> None:
    assert declared.read(folder) == {}
    assert declared.read(write(folder, "# Nothing yet.\n")) == {}


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("- a\n", ["mutants.yaml:1:1: expected a mapping of mutants, found a list"]),
        (
            "Omit: {what: x, why: y}\n",
            ["mutants.yaml:1:1: `Omit` is no mutant's id: an operator's name and six digits"],
        ),
        ("omit-command-0123ab: {what: x}\n", ["mutants.yaml:1:1: `why` is missing"]),
        ("omit-command-0123ab: {what: x, why:  }\n", ["mutants.yaml:1:1: `why` is missing"]),
        (
            "omit-command-0123ab: {what: x, why: y, whi: z}\n",
            ["mutants.yaml:1:40: unknown key `whi`; did you mean `why`?"],
        ),
        (
            "omit-command-0123ab: {what: x, why: y}\n",
            ["mutants.yaml:1:1: this lab has no mutant `omit-command-0123ab`"],
        ),
    ],
)
def test_mistakes_are_found_with_their_place(folder: Path, text: str, mistakes: list[str]) -> None:
    assert said(write(folder, text)) == mistakes


def test_an_entry_that_says_something_else_of_its_mutant_is_a_mistake(folder: Path) -> None:
    write(folder, f"{first(folder).id}: {{what: leaves out `touch x`, why: {WHY}}}\n")
    assert said(folder) == [f"mutants.yaml:1:1: `what` of `{first(folder).id}` should be: leaves out `touch a`"]


def test_an_entry_whose_mutant_has_another_id_by_now_is_told_the_new_one(folder: Path) -> None:
    write(folder, f"omit-command-0123ab: {{what: leaves out `touch a`, why: {WHY}}}\n")
    meant = f"did you mean `{first(folder).id}`?"
    assert said(folder) == [f"mutants.yaml:1:1: this lab has no mutant `omit-command-0123ab`; {meant}"]


def test_entries_of_a_packs_own_operators_are_not_checked_by_lint(folder: Path) -> None:
    """It runs nothing of a pack, so it does not know which mutants these make."""
    write(folder, f"forget-sync-0123ab: {{what: x, why: {WHY}}}\n")
    assert [finding.advice for finding in findings(folder)] == [True]
    with pytest.raises(LabFileError):
        declared.check(folder, [], ["forget-sync"])


def test_lint_shows_each_declared_mutant_as_advice(folder: Path) -> None:
    entry = first(folder)
    write(folder, f"{entry.id}:\n  what: {json.dumps(entry.what)}\n  why: {WHY}\n")
    assert said(folder) == [
        f"mutants.yaml:1:1: declared as right, too: it leaves out `touch a`. {WHY}",
    ]


def test_the_file_changes_nothing_of_a_running_attempt(folder: Path) -> None:
    before = loader.load(folder, 1).digest
    assert loader.load(write(folder, "# Later.\n"), 1).digest == before
