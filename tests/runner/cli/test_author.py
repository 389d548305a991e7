"""The author's commands: what they print and how they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fake_lab import LAB, Rung, World
from rung.runner.authoring import proof_records, prove_many
from rung.runner.authoring.proof import Proof, StepReport


@pytest.fixture
def new_lab(said: Rung, tmp_path: Path) -> Path:
    """What `rung author new` writes."""
    place = tmp_path / "labs" / "my-lab"
    assert said("author", "new", str(place)).code == 0
    return place


def test_new_says_what_it_wrote_and_what_comes_next(said: Rung, tmp_path: Path) -> None:
    place = tmp_path / "labs" / "my-lab"
    done = said("author", "new", str(place))
    assert f"{place}/lab.yaml" in done.out.splitlines()
    assert done.err == f"Next: rung author preview {place}, then rung author prove {place}.\n"


def test_new_never_writes_over_a_lab(said: Rung, new_lab: Path) -> None:
    done = said("author", "new", str(new_lab))
    assert (done.code, done.err.splitlines()[0]) == (2, f"{new_lab} exists already.")


def test_a_new_lab_reads_well(said: Rung, new_lab: Path) -> None:
    assert said("author", "lint", str(new_lab)).out == "✓ my-lab has no findings.\n"
    assert said("author", "lint", str(new_lab.parent), "--json").out == "[]\n"


def test_lint_shows_each_mistake_with_its_place(said: Rung, new_lab: Path) -> None:
    (new_lab / "lab.yaml").write_text(LAB.replace("minutes: 5", "minutes: five"))
    done = said("author", "lint", str(new_lab))
    assert done.code == 1
    assert f"{new_lab}/lab.yaml:4:10: " in done.out
    assert {"path", "line", "column", "sentence", "advice"} == set(
        json.loads(said("author", "lint", str(new_lab), "--json").out)[0]
    )


def test_lint_of_all_reads_broken_labs_and_the_catalogue_too(
    said: Rung, new_lab: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "bundled"
    (home / "tracks").mkdir(parents=True)
    (home / "skills.yaml").write_text("- {id: a, title: A, level: 0, requires: [a]}\n")
    shutil.copytree(new_lab, home / "linux" / "broken")
    (home / "linux" / "broken" / "lab.yaml").write_text("title: 5\n")
    monkeypatch.setattr("rung.runner.lab.folder.BUNDLED_LABS", home)
    done = said("author", "lint", "--all")
    assert done.code == 1
    assert f"{home}/linux/broken/lab.yaml:1:1: `difficulty` is missing\n" in done.out
    assert done.out.endswith(f"{home}/skills.yaml:1:41: these skills require each other: a -> a\n")


def test_preview_shows_the_learners_page_and_what_is_asked(said: Rung, lab: Path) -> None:
    done = said("author", "preview", str(lab))
    assert done.out.splitlines()[9:] == [
        "",
        "Drawn by seed 1",
        "  colour: red",
        "",
        "Checks  3 points",
        "CHECK       POINTS  ON     WHAT MUST HOLD",
        "first.one   2       node1  There is /srv/one",
        "second.two  1       node1  There is /srv/two",
        "second.old  guard   node1  /srv/old is still there",
    ]


def test_the_schema_that_ships_is_as_the_code_is(said: Rung) -> None:
    assert said("author", "schema", "--check").code == 0
    assert json.loads(said("author", "schema").out)["title"] == "lab.yaml"


def _proofs(monkeypatch: pytest.MonkeyPatch, *steps: StepReport) -> None:
    """Make proving a lab say what the test wants."""

    def prove_all(folders: list[Path], _driver: object, **options: object) -> list[Proof]:
        made = [Proof(folder.name, folder, list(steps)) for folder in folders]
        for proof in made:
            options["done"](proof)  # type: ignore[operator]
        return made

    monkeypatch.setattr(prove_many, "prove_all", prove_all)


@pytest.mark.usefixtures("world")
def test_a_proven_lab_ends_with_0(said: Rung, lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _proofs(monkeypatch, StepReport("untouched", seconds=1.5), StepReport("solution", seconds=1))
    done = said("author", "prove", str(lab))
    assert (done.code, done.out) == (0, "✓ two-files  2 steps, 2.5 s\n1 of 1 lab proven\n")


@pytest.mark.usefixtures("world")
def test_what_is_not_proven_says_why(said: Rung, lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _proofs(monkeypatch, StepReport("text"), StepReport("untouched", ("first.one passes untouched",), 2, kept="1a2b"))
    done = said("author", "prove", str(lab))
    assert done.code == 1
    assert done.out == (
        "✗ two-files  2 steps, 2.0 s\n"
        "  ✗ untouched\n"
        "      first.one passes untouched\n"
        "      kept: rung shell --attempt 1a2b\n"
        "0 of 1 lab proven\n"
    )


@pytest.mark.usefixtures("world")
def test_what_cannot_be_tried_here_is_no_failure(said: Rung, lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _proofs(monkeypatch, StepReport("untouched", skipped="selinux: it is not namespaced"))
    done = said("author", "prove", str(lab))
    assert (done.code, done.out) == (
        0,
        "- two-files cannot be tried here: selinux: it is not namespaced\n0 of 1 lab proven, 1 cannot be tried here\n",
    )


@pytest.mark.usefixtures("world")
def test_proofs_as_json(said: Rung, lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _proofs(monkeypatch, StepReport("text"))
    found = json.loads(said("author", "prove", str(lab), "--json").out)
    assert [(p["lab"], p["ok"]) for p in found] == [("two-files", True)]


def test_only_changed_labs_are_proven_again(
    said: Rung, world: World, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _proofs(monkeypatch, StepReport("text"))
    monkeypatch.setattr(proof_records, "valid", lambda folder: folder == lab)
    assert said("author", "prove", str(lab), "--changed").out == "0 of 0 labs proven\n"
    assert world.asked == []


def test_without_a_lab_prove_says_how_to_name_one(said: Rung, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = said("author", "prove")
    assert (done.code, done.err) == (
        2,
        "No lab is named.\nWhat to do: Name labs or folders of labs, or use --all.\n",
    )


def test_trust_shows_what_a_pack_may_do_and_asks(said: Rung, lab: Path) -> None:
    done = said("trust", str(lab))
    assert done.code == 2
    assert done.err.startswith(f"What {lab} will be allowed to do\n- It holds 1 lab: two-files.\n")
    assert done.err.endswith(f"There is no terminal to ask on.\nWhat to do: `rung trust --yes {lab}` agrees to this.\n")


@pytest.mark.usefixtures("world")
def test_trust_is_given_and_taken_back(said: Rung, lab: Path) -> None:
    (lab / "solution.sh").write_text("true\n")
    assert said("start", str(lab)).code == 2
    assert said("trust", "--yes", str(lab)).out == "trusted two-files\n"
    assert said("trust", "--forget", str(lab)).err == f"{lab} is no longer trusted.\n"
    assert said("trust", "--forget", str(lab)).err == f"{lab} is not trusted.\n"


def test_lint_and_prove_name_a_lab_that_they_skip_because_it_is_a_link(
    said: Rung, new_lab: Path, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prove_many, "prove_all", lambda *_positional, **_named: [])
    link = new_lab.parent / "linked"
    link.symlink_to(lab)
    for command in ("lint", "prove"):
        done = said("author", command, str(new_lab.parent))
        assert done.err.splitlines()[0] == (
            f"Skipped: {link}:1:1: this link leads to a lab outside of the pack; "
            "copy that lab into the pack, or trust its own folder"
        )
        assert done.code == 0
