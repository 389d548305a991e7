"""`rung author new` writes a lab that reads well and proves; preview shows it as a learner meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.runner.authoring import new
from rung.runner.authoring.lint import lint
from rung.runner.authoring.preview import PreviewedCheck, preview
from rung.runner.authoring.prove_many import prove_all
from rung.runner.catalog import trust
from rung.runner.core.errors import UsageError
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.registry import DriverRegistry


def test_a_new_lab_reads_well_and_is_trusted_with_its_changes(tmp_path: Path) -> None:
    place = new.new("first-lab", tmp_path)
    assert place == tmp_path / "first-lab"
    assert new.files(place) == [
        "also/install.sh", "lab.yaml", "setup.sh", "solution.sh", "wrong/open-to-all.sh", "wrong/swept-away.sh",
    ]  # fmt: skip
    assert lint(place, advice=False) == []
    (place / "checks.py").write_text("")
    trust.require(place)


@pytest.mark.machines
def test_a_new_lab_proves_as_it_stands(tmp_path: Path, driver: ContainerDriver) -> None:
    (proof,) = prove_all([new.new("first-lab", tmp_path)], DriverRegistry.of(driver))
    assert [(step.name, step.why) for step in proof.failed] == []
    assert proof.ok


@pytest.mark.parametrize("name", ["First", "", "a b", "../up", "x" * 41, "1st"])
def test_a_name_that_no_lab_may_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as error:
        new.new(name, tmp_path)
    assert str(error.value) == f"`{name}` cannot be the name of a lab."
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    with pytest.raises(UsageError) as error:
        new.new("lab", tmp_path)
    assert str(error.value) == f"{tmp_path}/lab exists already."


def test_a_preview_shows_one_draw_and_what_will_be_asked(tmp_path: Path) -> None:
    place = new.new("first-lab", tmp_path)
    first, second = preview(place, 1), preview(place, 2)
    assert first.values != second.values
    person = first.values["person"]
    assert f"`{person}`" in first.lab.tasks[0].text
    assert first.asked[-1] == PreviewedCheck("hours.erin", "Erin's hours are as they were", "node1", 1, holds=True)
    assert first.points == 5


def test_a_preview_of_python_checks_needs_trust(tmp_path: Path) -> None:
    place = new.new("first-lab", tmp_path)
    (place / "checks.py").write_text("raise SystemExit\n")
    trust.forget(place)
    with pytest.raises(UsageError):
        preview(place)
