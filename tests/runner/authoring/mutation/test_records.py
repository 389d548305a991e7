"""Records of mutants: what they depend on, and what lint says where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mutation_labs import ShellDriver, mutation_lab
from rung.runner.authoring.mutation import records
from rung.runner.authoring.mutation.findings import findings
from rung.runner.authoring.mutation.mutants import mutants
from rung.runner.authoring.mutation.mutate_many import mutate_all
from rung.runner.authoring.mutation.pack import RECORDS
from rung.runner.lab import loader
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lab with a valid record."""
    (tmp_path / RECORDS).write_text("{}\n")
    folder = mutation_lab(tmp_path / "lab")
    mutate_all([folder], ShellDriver())
    return folder


def said(folder: Path) -> list[str]:
    assert all(finding.advice for finding in findings(folder))
    return [finding.sentence for finding in findings(folder)]


def test_a_record_is_valid_until_something_changes_that_decides_the_outcome(folder: Path) -> None:
    assert (records.state(folder), said(folder)) == ("valid", [])


@pytest.mark.parametrize("name", ["lab.yaml", "solution.sh", "wrong/half.sh"])
def test_a_changed_lab_makes_its_record_stale(folder: Path, name: str) -> None:
    path = folder / name
    path.write_text(path.read_text() + "# A remark.\n")
    assert records.state(folder) == "stale"
    assert said(folder) == [
        "this lab's mutants were tried before it or its grader changed: `rung author mutate lab` tries them again"
    ]


def test_a_new_entry_in_mutants_yaml_makes_the_record_stale_another_reason_does_not(folder: Path) -> None:
    entry = mutants(loader.load(folder, 1))[0]
    (folder / "mutants.yaml").write_text(f"{entry.id}: {{what: {json.dumps(entry.what)}, why: One.}}\n")
    assert records.state(folder) == "stale"
    mutate_all([folder], ShellDriver())
    (folder / "mutants.yaml").write_text(f"{entry.id}: {{what: {json.dumps(entry.what)}, why: Another.}}\n")
    assert records.state(folder) == "valid"


def test_other_mutants_make_the_record_stale(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "mutants", lambda lab, operators: mutants(lab, operators)[1:])
    assert records.state(folder) == "stale"


def test_other_code_of_the_grader_makes_the_record_stale(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rung.runner.authoring.proof_records.decisive_text", lambda _path: b"other code")
    assert records.state(folder) == "stale"


def test_a_lab_without_a_record_is_named_as_advice(tmp_path: Path) -> None:
    (tmp_path / RECORDS).write_text("{}\n")
    assert said(mutation_lab(tmp_path / "lab")) == [
        "nobody has tried this lab's mutants: `rung author mutate lab` does"
    ]


def test_where_nothing_is_recorded_nothing_is_asked_for(tmp_path: Path) -> None:
    folder = mutation_lab(tmp_path / "lab")
    mutate_all([folder], ShellDriver())
    assert (records.state(folder), said(folder)) == ("none", [])


def test_more_than_one_in_five_declared_is_named_as_advice(folder: Path) -> None:
    file = folder.parent / RECORDS
    entry = json.loads(file.read_text())["lab"]
    file.write_text(json.dumps({"lab": {**entry, "tried": 9, "declared": 2}}))
    assert said(folder) == ["2 of 9 mutants are declared as right, too: at most one in five should be"]


def test_records_that_cannot_be_read_are_a_mistake(folder: Path) -> None:
    (folder.parent / RECORDS).write_text("[]")
    (finding,) = findings(folder)
    assert (finding.path, finding.advice) == (folder.parent / RECORDS, False)


def test_every_record_of_a_bundled_lab_is_valid() -> None:
    keys = records.counts(BUNDLED_LABS / RECORDS)
    assert [key for key in keys if records.state(BUNDLED_LABS / key) != "valid"] == []


@pytest.mark.parametrize("lab", lab_folders(BUNDLED_LABS), ids=lambda folder: folder.name)
def test_what_a_bundled_lab_declares_are_mutants_of_it(lab: Path) -> None:
    assert [str(finding) for finding in findings(lab) if not finding.advice] == []
