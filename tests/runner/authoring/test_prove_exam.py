"""Questions that share a cluster are shown not to get into each other's way, or how they do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fake_labs import LAB, FactDriver, write_lab
from rung.runner.authoring import prove_exam as proving
from rung.runner.authoring.prove_exam import prove_exam, prove_group
from rung.runner.catalog import trust
from rung.runner.core.paths import home
from rung.runner.exams.loader import load
from rung.runner.lab import loader
from rung.runner.lab.model import Lab
from rung.runner.render.page import plain
from rung.runner.render.proof import exam_proof_page


class OneCluster(FactDriver):
    """What one attempt does to a fact that is all the cluster's, the others see."""

    def told(self, name: str, facts: dict[str, str]) -> str:
        if name.startswith("common"):
            return next((f[name] for f in self.facts.values() if name in f), "")
        return super().told(name, facts)


@pytest.fixture
def labs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Lab]:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "home"))
    folders = [write_lab(tmp_path / "labs" / name) for name in ("one", "two", "three")]
    trust.trust(tmp_path / "labs", edits=True)
    return [loader.load(folder) for folder in folders]


def test_labs_that_keep_to_themselves_are_proven_and_nothing_stays(labs: list[Lab]) -> None:
    driver = OneCluster()
    assert list(prove_group(labs, driver, 1)) == []
    assert list(driver.attempts()) == []
    assert list((home() / "attempts").glob("*")) == []


def test_a_lab_that_changes_what_another_asks_is_told(labs: list[Lab]) -> None:
    text = LAB.replace("get b", "get common-b")
    for name in ("one", "two"):
        write_lab(labs[0].folder.parent / name, text, solution="set a yes\nset common-b yes\n")
    changed = [loader.load(lab.folder) for lab in labs]
    found = list(prove_group(changed, OneCluster(), 1))
    assert found == ["one changes two: two.b was failed and is passed"]


def test_a_solution_that_spoils_another_is_told_in_every_order(labs: list[Lab]) -> None:
    write_lab(labs[2].folder, LAB.replace("get kept", "get common-kept"), setup="set common-kept yes\n")
    write_lab(labs[0].folder, LAB, solution="set a yes\nset b yes\nset common-kept no\n")
    found = list(prove_group([loader.load(lab.folder) for lab in labs], OneCluster(), 1))
    assert "one changes three: two.kept was passed and is failed" in found
    assert any(sentence.startswith("in reverse: three two.kept does not pass: ") for sentence in found)


@pytest.mark.usefixtures("labs")
def test_an_exam_whose_questions_share_nothing_is_proven_without_a_machine(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: T\ntrack: rhcsa10\nminutes: 9\npass_mark: 1\nlabs: [{lab: labs/one}, {lab: labs/two}]\n")
    proof = prove_exam(load(path), OneCluster())
    assert (proof.groups, proof.ok) == ((), True)
    assert plain(exam_proof_page(proof)) == "✓ exam mine  seed 1\n  No two of its questions share a cluster.\n"


@pytest.mark.usefixtures("labs")
def test_those_that_share_are_named_with_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: T\ntrack: rhcsa10\nminutes: 9\npass_mark: 1\nlabs: [{lab: labs/one}, {lab: labs/two}]\n")
    for name in ("one", "two"):
        write_lab(
            tmp_path / "labs" / name, LAB.replace("get a", "get common-a"), solution="set common-a yes\nset b yes\n"
        )
    shared: Any = lambda found: dict.fromkeys(found, "c1")  # noqa: E731
    monkeypatch.setattr(proving, "shares", shared)
    proof = prove_exam(load(path), OneCluster())
    assert plain(exam_proof_page(proof)) == (
        "✗ exam mine  seed 1\n  On one cluster: one, two.\n      one changes two: one.a was failed and is passed\n"
    )
