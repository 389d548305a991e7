"""A record vouches for a lab as long as nothing that its proof rests on has changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fake_labs import write_lab
from rung.runner.authoring import proof_records
from rung.runner.core.errors import UsageError
from rung.runner.images import build
from rung.runner.lab import loader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "proofs.json").write_text("{}\n")
    return write_lab(tmp_path / "linux" / "lab")


def read(tmp_path: Path) -> dict[str, str]:
    records: dict[str, str] = json.loads((tmp_path / "proofs.json").read_text())
    return records


def test_a_recorded_lab_needs_no_new_proof(folder: Path, tmp_path: Path) -> None:
    assert not proof_records.valid(folder)
    assert proof_records.record([folder]) == [folder]
    assert proof_records.valid(folder)
    assert list(read(tmp_path)) == ["linux/lab"]


@pytest.mark.parametrize("name", ["lab.yaml", "solution.sh", "wrong/half.sh", "checks.py", "files/x"])
def test_each_file_of_the_lab_counts(folder: Path, name: str) -> None:
    proof_records.record([folder])
    (folder / name).parent.mkdir(exist_ok=True)
    with (folder / name).open("a") as file:
        file.write("# changed\n")
    assert not proof_records.valid(folder)


def test_the_image_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof_records.record([folder])
    monkeypatch.setattr(build, "tag", lambda name: f"rung/{name}:other")
    assert not proof_records.valid(folder)


def test_neither_the_place_nor_the_time_counts(folder: Path, tmp_path: Path) -> None:
    first = proof_records.fingerprint(loader.load(folder))
    shutil.copytree(folder, tmp_path / "elsewhere" / "lab")
    assert proof_records.fingerprint(loader.load(tmp_path / "elsewhere" / "lab")) == first


def test_records_of_labs_that_are_gone_are_left_out(folder: Path, tmp_path: Path) -> None:
    proof_records.record([folder, write_lab(tmp_path / "other")])
    shutil.rmtree(tmp_path / "other")
    proof_records.record([folder])
    assert list(read(tmp_path)) == ["linux/lab"]


def test_without_a_book_nothing_is_recorded(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab")
    assert proof_records.record([folder]) == []
    assert not proof_records.valid(folder)


def test_a_lab_with_mistakes_has_no_valid_record(folder: Path) -> None:
    proof_records.record([folder])
    (folder / "lab.yaml").write_text("title: no\n")
    assert not proof_records.valid(folder)


def test_a_book_that_cannot_be_read_is_told_with_a_way_out(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "proofs.json"
    book.write_text("[]")
    with pytest.raises(UsageError) as error:
        proof_records.record([folder])
    assert str(error.value) == f"{book} cannot be read: expected an object."
    assert error.value.fix == "Replace its content by {}, and prove again."
