"""`rung author mutate`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fake_lab import Rung
from mutation_labs import ShellDriver, mutation_lab
from rung.runner.services import current

HOLE = "touch a\ntouch b\ntouch c\n"  # nothing grades c


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> ShellDriver:
    driver = ShellDriver()
    monkeypatch.setattr(current, "driver", lambda: driver)
    return driver


def without_seconds(text: str) -> list[str]:
    return [line.rsplit(", ", 1)[0] if line.endswith(" s") else line for line in text.splitlines()]


def test_a_lab_without_a_hole_is_one_line(said: Rung, tmp_path: Path) -> None:
    done = said("author", "mutate", str(mutation_lab(tmp_path / "lab")))
    assert (done.code, without_seconds(done.out)) == (0, ["✓ lab  2 mutants: 2 killed", "1 of 1 lab without a hole"])


def test_a_hole_is_shown_with_its_change_and_makes_the_exit_code_1(said: Rung, tmp_path: Path) -> None:
    done = said("author", "mutate", str(mutation_lab(tmp_path / "lab", solution=HOLE)))
    hole = json.loads(said("author", "mutate", str(tmp_path / "lab"), "--json").out)[0]["mutants"][2]
    assert (done.code, without_seconds(done.out)) == (
        1,
        [
            "✗ lab  3 mutants: 2 killed, 1 survived",
            f"  ✗ {hole['id']}  solution.sh:3 leaves out `touch c`",
            "      -touch c",
            "      +:",
            "0 of 1 lab without a hole",
            "Each survivor is a hole in the grader: sharpen a check, or declare it in the lab's mutants.yaml.",
        ],
    )


def test_a_declared_survivor_makes_the_exit_code_0(said: Rung, tmp_path: Path) -> None:
    folder = mutation_lab(tmp_path / "lab", solution=HOLE)
    hole = json.loads(said("author", "mutate", str(folder), "--json").out)[0]["mutants"][2]
    (folder / "mutants.yaml").write_text(f"{hole['id']}: {{what: {json.dumps(hole['what'])}, why: Fine.}}\n")
    done = said("author", "mutate", str(folder))
    assert (done.code, without_seconds(done.out)[0]) == (0, "✓ lab  3 mutants: 2 killed, 1 declared")


def test_json_has_every_mutant_with_its_script(said: Rung, tmp_path: Path) -> None:
    done = said("author", "mutate", str(mutation_lab(tmp_path / "lab")), "--json")
    (lab,) = json.loads(done.out)
    assert set(lab) == {"lab", "folder", "ok", "skipped", "why", "seconds", "counts", "mutants"}
    assert lab["counts"] == {"tried": 2, "killed": 2, "late": 0, "broken": 0, "declared": 0, "left_out": 0}
    first = lab["mutants"][0]
    assert {key: first[key] for key in ("operator", "source", "line", "what", "fate", "why", "declared", "script")} == {
        "operator": "omit-command",
        "source": "solution.sh",
        "line": 1,
        "what": "leaves out `touch a`",
        "fate": "killed",
        "why": ["one.a"],
        "declared": None,
        "script": ":\ntouch b\n",
    }


def test_keep_says_how_to_enter_the_machine(said: Rung, tmp_path: Path, engine: ShellDriver) -> None:
    done = said("author", "mutate", str(mutation_lab(tmp_path / "lab", solution=HOLE)), "--keep")
    (kept,) = engine.attempts()
    assert f"      kept: rung shell --attempt {kept.attempt}" in done.out.splitlines()


def test_only_changed_labs_are_tried(said: Rung, tmp_path: Path, engine: ShellDriver) -> None:
    (tmp_path / "mutants.json").write_text("{}\n")
    mutation_lab(tmp_path / "lab")
    assert said("author", "mutate", str(tmp_path)).code == 0
    engine.scripts.clear()
    done = said("author", "mutate", str(tmp_path), "--changed")
    assert (done.code, done.out, engine.scripts) == (0, "0 of 0 labs without a hole\n", [])


def test_an_unknown_operator_is_a_mistake_of_the_command(said: Rung, tmp_path: Path) -> None:
    done = said("author", "mutate", str(mutation_lab(tmp_path / "lab")), "--operator", "omit-optio")
    assert (done.code, done.err.splitlines()[0]) == (
        2,
        "There is no operator `omit-optio`; did you mean `omit-option`?",
    )


def test_lint_names_labs_that_nobody_has_tried_and_ends_well(said: Rung, tmp_path: Path) -> None:
    (tmp_path / "mutants.json").write_text("{}\n")
    done = said("author", "lint", str(mutation_lab(tmp_path / "lab")), "--json")
    sentences = [finding["sentence"] for finding in json.loads(done.out) if finding["advice"]]
    assert "nobody has tried this lab's mutants: `rung author mutate lab` does" in sentences
