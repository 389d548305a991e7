"""A proof rests on the code that makes its outcomes, found by its imports; sentences in it do not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_labs import LAB, write_lab
from rung.runner.authoring.proof_code import LEFT_OUT, ROOT, code_of, decisive_text
from rung.runner.lab import loader

JUDGES = [
    "runner/lab/loader.py", "runner/lab/templates.py", "runner/lab/expectations.py", "runner/lab/validation.py",
    "runner/attempts/attempt.py", "runner/attempts/setup.py", "runner/grading/evaluate.py", "runner/grading/grade.py",
    "runner/grading/report.py", "runner/authoring/prove.py", "runner/authoring/verdicts.py",
    "runner/drivers/container/driver.py", "runner/drivers/container/shell_channel.py",
    "runner/drivers/container/privileges.py", "checks/core/channel.py", "checks/core/machine.py",
    "checks/core/registry.py",
]  # fmt: skip


def names(folder: Path) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in code_of(loader.load(folder))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_lab(tmp_path / "lab")


def test_what_makes_an_outcome_of_an_answer_counts(folder: Path) -> None:
    assert set(JUDGES) - names(folder) == set()


def test_the_kinds_that_a_lab_uses_count_and_no_other(folder: Path) -> None:
    assert "checks/linux/command.py" in names(folder)
    assert "checks/linux/firewall.py" not in names(folder)


def test_what_a_kind_imports_counts(tmp_path: Path) -> None:
    lab = LAB.replace('{id: kept, command: get kept, stdout: "yes", holds: true}', "file: /b")
    found = names(write_lab(tmp_path / "lab", lab))
    assert {"checks/linux/file_directory.py", "checks/linux/tools/modes.py"} <= found


def test_a_python_checks_imports_count(folder: Path) -> None:
    (folder / "checks.py").write_text("from rung.checks.linux.tools.systemd_calendar import x\n")
    assert "checks/linux/tools/systemd_calendar.py" in names(folder)


def test_a_lab_on_a_cluster_rests_on_the_driver_of_clusters_and_one_on_machines_does_not(folder: Path) -> None:
    kind = {"runner/drivers/kind/driver.py", "runner/drivers/cluster/readiness.py"}
    assert kind & names(folder) == set()
    text = (folder / "lab.yaml").read_text().replace("machines: [{name: node1}]", "cluster: {workers: 1}")
    (folder / "lab.yaml").write_text(text)
    assert kind | {"runner/lab/manifests.py", "runner/grading/quiescence.py"} <= names(folder)


def test_what_shows_a_result_or_records_it_decides_nothing(folder: Path) -> None:
    folders = {name.rpartition("/")[0].replace("/", ".") for name in names(folder)}
    above = {"runner.render", "runner.services", "runner.shell", "runner.cli", "runner.store", "runner.learning"}
    assert folders & {*above, "runner.doctor", *LEFT_OUT} == set()


BEFORE = '''\
"""A module."""
from math import pi  # the ratio


def area(radius: float) -> float:
    """The area of a circle.

    Its unit is that of the radius, squared.
    """
    # by Archimedes
    return pi * radius**2  # "x" # y
'''
REWORDED = '''\
"""The same module in other words."""
from math import pi


def area(radius: float) -> float:
    """How large a circle is."""

    return pi * radius**2
'''


def test_a_reworded_docstring_or_comment_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BEFORE)
    (tmp_path / "b.py").write_text(REWORDED)
    assert decisive_text(tmp_path / "a.py") == decisive_text(tmp_path / "b.py")


@pytest.mark.parametrize(("was", "becomes"), [("**2", "**3"), ("radius: float", "radius: int")])
def test_every_other_change_counts(tmp_path: Path, was: str, becomes: str) -> None:
    (tmp_path / "a.py").write_text(BEFORE)
    (tmp_path / "b.py").write_text(BEFORE.replace(was, becomes))
    assert decisive_text(tmp_path / "a.py") != decisive_text(tmp_path / "b.py")


def test_a_hash_in_a_string_is_no_comment(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('x = "a # b"\n')
    (tmp_path / "b.py").write_text('x = "a"\n')
    assert decisive_text(tmp_path / "a.py") != decisive_text(tmp_path / "b.py")


@pytest.mark.parametrize("other", ['X = """a\n\nb"""', 'X = """a \nb"""', "X = 1"], ids=["line", "space", "constant"])
def test_each_character_of_a_string_counts(tmp_path: Path, other: str) -> None:
    (tmp_path / "a.py").write_text('X = """a\nb"""')
    (tmp_path / "b.py").write_text(other)
    assert decisive_text(tmp_path / "a.py") != decisive_text(tmp_path / "b.py")


def test_what_stands_beside_a_docstring_counts(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('class A(ValueError): "What went wrong."\n')
    (tmp_path / "b.py").write_text('class A(TypeError): "What went wrong."\n')
    assert decisive_text(tmp_path / "a.py") != decisive_text(tmp_path / "b.py")
