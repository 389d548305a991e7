"""Many labs at once: each gets its result, records are written, an interrupt leaves nothing behind."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from fake_labs import LAB
from mutation_labs import ShellDriver, mutation_lab
from rung.runner.authoring.mutation import records
from rung.runner.authoring.mutation.lab_mutation import Counts, LabMutation
from rung.runner.authoring.mutation.mutants import mutants
from rung.runner.authoring.mutation.mutate_many import mutate_all
from rung.runner.core.errors import EngineGone, UsageError
from rung.runner.lab import loader

HOLE = "touch a\ntouch b\ntouch c\n"  # nothing grades c


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "mutants.json").write_text("{}\n")
    return tmp_path


def recorded(pack: Path) -> dict[str, dict[str, object]]:
    entries = json.loads((pack / "mutants.json").read_text())
    return {lab: {key: value for key, value in entry.items() if key != "digest"} for lab, entry in entries.items()}


def declare(folder: Path, what: str, why: str = "Nobody asks for it.") -> str:
    found = next(each for each in mutants(loader.load(folder, 1)) if each.what == what)
    (folder / "mutants.yaml").write_text(f"{found.id}:\n  what: {json.dumps(what)}\n  why: {why}\n")
    return found.id


def test_each_lab_gets_its_result_in_the_order_asked(pack: Path) -> None:
    told: list[LabMutation] = []
    folders = [mutation_lab(pack / "hole", solution=HOLE), mutation_lab(pack / "good")]
    found = mutate_all(folders, ShellDriver(), jobs=3, done=told.append)
    assert [(each.lab, each.ok, each.counts) for each in found] == [
        ("hole", False, Counts(tried=3, killed=2)),
        ("good", True, Counts(tried=2, killed=2)),
    ]
    assert [str(each.mutant) for each in found[0].holes] == ["solution.sh:3 leaves out `touch c`"]
    assert sorted(each.lab for each in told) == ["good", "hole"]


def test_only_labs_without_a_hole_are_recorded_with_their_counts(pack: Path) -> None:
    mutate_all([mutation_lab(pack / "hole", solution=HOLE), mutation_lab(pack / "good")], ShellDriver())
    assert recorded(pack) == {"good": {"tried": 2, "killed": 2, "late": 0, "broken": 0, "declared": 0, "left_out": 0}}
    assert [records.state(pack / name) for name in ("hole", "good")] == ["none", "valid"]


def test_a_survivor_that_is_declared_is_no_hole(pack: Path) -> None:
    folder = mutation_lab(pack / "lab", solution=HOLE)
    declare(folder, "leaves out `touch c`")
    (found,) = mutate_all([folder], ShellDriver())
    assert (found.ok, found.counts) == (True, Counts(tried=3, killed=2, declared=1))
    assert records.counts(pack / "mutants.json") == {"lab": found.counts}


def test_a_declared_mutant_that_is_killed_is_named(pack: Path) -> None:
    folder = mutation_lab(pack / "lab")
    declare(folder, "leaves out `touch a`")
    (found,) = mutate_all([folder], ShellDriver())
    assert [each.mutant.what for each in found.killed_all_the_same] == ["leaves out `touch a`"]


def test_a_lab_whose_solution_fails_is_not_mutated(pack: Path) -> None:
    driver = ShellDriver()
    (found,) = mutate_all([mutation_lab(pack / "lab", solution="touch a\n")], driver)
    assert (found.ok, found.tried) == (False, [])
    reason = "two.b fails after solution.sh: `get b`: output: expected `yes`, found nothing"
    assert found.why == (f"without a mutation: {reason}",)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lab": LAB.replace("title: Two facts\n", "")}, "lab.yaml:1:1: `title` is missing"),
        ({"solution": None}, "this lab has no solution.sh"),
    ],
)
def test_a_lab_that_cannot_be_mutated_says_why(pack: Path, change: dict[str, str | None], why: str) -> None:
    folder = mutation_lab(pack / "lab", **change)  # type: ignore[arg-type]
    if "solution" in change:
        (folder / "solution.sh").unlink(missing_ok=True)
    (found,) = mutate_all([folder], ShellDriver())
    assert [each.removeprefix(f"{folder}/") for each in found.why] == [why]


def test_a_mistake_in_mutants_yaml_is_found_before_anything_runs(pack: Path) -> None:
    folder, driver = mutation_lab(pack / "lab"), ShellDriver()
    (folder / "mutants.yaml").write_text("omit-command-0123ab:\n  what: x\n  why: y\n")
    (found,) = mutate_all([folder], driver)
    assert found.why == (f"{folder}/mutants.yaml:1:1: this lab has no mutant `omit-command-0123ab`",)
    assert driver.scripts == []


def test_a_lab_that_cannot_run_here_is_skipped(pack: Path) -> None:
    (found,) = mutate_all([mutation_lab(pack / "lab", LAB + "capabilities: [selinux]\n")], ShellDriver())
    assert (found.skipped, found.ok, found.why) == ("selinux: a fake has none", False, ())


def test_mutants_of_one_operator_are_not_recorded(pack: Path) -> None:
    folder = mutation_lab(pack / "lab", solution="touch a b\n")
    (found,) = mutate_all([folder], ShellDriver(), operator="omit-element")
    assert [each.mutant.operator for each in found.tried] == ["omit-element", "omit-element"]
    assert recorded(pack) == {}


def test_an_unknown_operator_is_refused(pack: Path) -> None:
    with pytest.raises(UsageError) as error:
        mutate_all([mutation_lab(pack / "lab")], ShellDriver(), operator="omit-comand")
    assert str(error.value) == "There is no operator `omit-comand`; did you mean `omit-command`?"


def test_progress_counts_the_trials_of_each_lab(pack: Path) -> None:
    told: list[str] = []
    mutate_all(
        [mutation_lab(pack / "lab")], ShellDriver(), jobs=1, progress=lambda step, what: told.append(f"{step} {what}")
    )
    assert told == ["mutate lab: solution", "mutate lab: 1 of 2", "mutate lab: 2 of 2"]


def test_an_interrupt_removes_the_machines_of_the_trials_under_way(pack: Path) -> None:
    driver, begun = ShellDriver(), threading.Event()

    def interrupt(_step: str, what: str) -> None:
        if what == "lab: 1 of 3":
            begun.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mutate_all([mutation_lab(pack / "lab", solution=HOLE)], driver, jobs=2, progress=interrupt)
    assert begun.is_set()
    assert list(driver.attempts()) == []


def test_an_engine_that_is_gone_ends_all(pack: Path) -> None:
    with pytest.raises(EngineGone):
        mutate_all([mutation_lab(pack / "lab")], ShellDriver(dead=True))
