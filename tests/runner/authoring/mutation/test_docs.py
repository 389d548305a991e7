"""docs/mutants.md is generated from labs/mutants.json and the operators."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mutation_labs import mutation_lab
from rung.runner.authoring.mutation import docs
from rung.runner.authoring.mutation.mutants import (
    MOST_AFTER_RESTART,
    MOST_IN_NAMESPACE,
    MOST_ON_CLUSTERS,
    MOST_ON_MACHINES,
)
from rung.runner.authoring.mutation.operators.registry import BUILT_IN


@pytest.fixture
def labs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    mutation_lab(tmp_path / "linux" / "links")
    mutation_lab(tmp_path / "kubernetes" / "look")
    (tmp_path / "mutants.json").write_text(
        json.dumps({"linux/links": {"digest": "x", "tried": 48, "killed": 46, "late": 1, "declared": 2, "left_out": 9}})
    )
    monkeypatch.setattr(docs, "BUNDLED_LABS", tmp_path)
    monkeypatch.setattr(docs, "PAGE", tmp_path / "mutants.md")
    return tmp_path


def test_the_table_has_a_row_for_each_lab_and_their_sum(labs: Path) -> None:  # noqa: ARG001
    rows = [line for line in docs.text().splitlines() if line.startswith(("| lab", "| linux", "| kube", "| **"))]
    assert rows == [
        "| lab | tried | killed | late | broken | declared | left out |",
        "| linux/links | 48 | 46 | 1 | 0 | 2 | 9 |",
        "| kubernetes/look | - | - | - | - | - | - |",
        "| **1 of 2 labs** | 48 | 46 | 1 | 0 | 2 | 9 |",
    ]


def test_every_operator_is_explained() -> None:
    table = docs.operators_table()
    assert [each.name for each in BUILT_IN if f"| `{each.name}` | " not in table] == []


def test_a_stale_page_is_told_with_the_command_that_writes_it(labs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err == f"{labs}/mutants.md is out of date: run `{docs.COMMAND}`.\n"
    assert (docs.main([]), docs.main(["--check"])) == (0, 0)


def test_the_page_for_authors_names_the_limits_that_hold() -> None:
    page = (Path(__file__).parents[4] / "docs" / "authors.md").read_text("utf-8")
    limits = (
        f"at most {MOST_ON_MACHINES} on Linux machines, {MOST_AFTER_RESTART} where grading restarts machines, "
        f"{MOST_IN_NAMESPACE} in the namespaces of a cluster, {MOST_ON_CLUSTERS} in a lab that uses up its cluster"
    )
    assert limits in " ".join(page.split())
