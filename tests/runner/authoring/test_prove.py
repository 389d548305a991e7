"""A proof accepts an honest lab and says what is dishonest about each of the others."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from fake_labs import LAB, FactDriver, write_lab
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.runner.attempts.attempts import Attempts
from rung.runner.authoring.proof import Proof
from rung.runner.authoring.prove import Prover, prove, second_seed, turns_of
from rung.runner.catalog import trust
from rung.runner.core.errors import EngineGone, EnvironmentBroken, UsageError
from rung.runner.core.paths import home
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.plan import Plan


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path) -> Path:
    trust.trust(write_lab(tmp_path / "lab"), edits=True)
    return tmp_path / "lab"


def why(proof: Proof) -> dict[str, list[str]]:
    return {step.name: list(step.why) for step in proof.failed}


def test_an_honest_lab_is_proven_and_leaves_nothing(tmp_path: Path) -> None:
    driver, before = FactDriver(), set((home() / "attempts").glob("*"))
    proof = prove(write_lab(tmp_path / "lab"), driver)
    assert (proof.ok, why(proof)) == (True, {})
    assert [s.name for s in proof.steps] == [
        "text", "untouched", "solution", "solution-again", "also/backwards", "wrong/damage", "wrong/half",
    ]  # fmt: skip
    assert list(driver.attempts()) == []
    assert set((home() / "attempts").glob("*")) == before


def test_a_check_that_passes_untouched_is_refused(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", setup="set kept yes\nset a yes\n", wrong_half="# fails: two.b\nset a yes\n")
    assert why(prove(folder, FactDriver())) == {
        "untouched": ["one.a passes untouched: let it ask for a change, or declare a guard with `holds: true`"]
    }


def test_a_guard_that_fails_untouched_is_refused(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", setup="set kept no\n", solution="set a yes\nset b yes\nset kept yes\n")
    found = why(prove(folder, FactDriver()))
    assert found["untouched"] == ["two.kept (a guard) fails untouched: `get kept`: output: expected `yes`, found `no`"]


def test_a_solution_that_fails_is_refused_in_both_runs(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", solution="set a yes\n")
    found = why(prove(folder, FactDriver()))
    reason = "two.b fails after solution.sh: `get b`: output: expected `yes`, found nothing"
    assert (found["solution"], found["solution-again"]) == ([reason], [reason])


def test_a_right_answer_that_is_rejected_is_refused(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", also_other="set a yes\nset b Yes\n")
    assert why(prove(folder, FactDriver())) == {
        "also/other": ["two.b fails after other.sh: `get b`: output: expected `yes`, found `Yes`"]
    }


def test_a_wrong_answer_that_passes_is_refused(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", wrong_half="# fails: two.b\nset a yes\nset b yes\n")
    assert why(prove(folder, FactDriver())) == {"wrong/half": ["two.b was to fail and passes"]}


def test_a_wrong_answer_that_fails_more_than_it_names_is_refused(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", wrong_half="# fails: two.b\nset c yes\n")
    assert why(prove(folder, FactDriver())) == {
        "wrong/half": [
            "one.a fails, and the script's head does not name it: `get a`: output: expected `yes`, found nothing"
        ]
    }


def test_a_head_with_an_unknown_check_is_refused_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", wrong_half="# fails: two.b, too.b\nset a yes\n")
    found = why(prove(folder, FactDriver()))
    assert found["wrong/half"] == ["there is no check `too.b`; did you mean `two.b`?"]
    assert found["text"] == [f"{folder}/wrong/half.sh:1:17: there is no check `too.b`; did you mean `two.b`?"]


def test_a_check_that_answers_now_this_now_that_is_refused(tmp_path: Path) -> None:
    driver = FactDriver(flips={"a": 0})
    found = why(prove(write_lab(tmp_path / "lab"), driver))
    assert found["untouched"][-1] == "one.a: two gradings of the same machine disagree: passed, then failed"


def test_what_does_not_last_is_told_from_what_never_was(tmp_path: Path) -> None:
    lab = LAB.replace("get a", "get volatile").replace("`a`", "`volatile`") + "reboot: true\n"
    folder = write_lab(
        tmp_path / "lab",
        lab,
        solution="set volatile yes\nset b yes\n",
        also_backwards=None,
        wrong_half="# fails: one.a after reboot, two.b\nset volatile yes\n",
        wrong_damage="# fails: one.a\n# after: solution\nset c no\n",
    )
    (folder / "also/backwards.sh").unlink()
    found = why(prove(folder, FactDriver()))
    reason = "`get volatile`: output: expected `yes`, found nothing"
    assert found == {
        "solution": [f"one.a fails after solution.sh and a restart, not before it: {reason}"],
        "solution-again": [f"one.a fails after solution.sh and a restart, not before it: {reason}"],
        "wrong/damage": ["one.a fails after the restart only: say `one.a after reboot` in the script's head"],
    }


def test_a_script_that_fails_is_told_with_its_name_and_last_lines(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", also_backwards="false\n")
    assert why(prove(folder, FactDriver())) == {
        "also/backwards": ["also/backwards.sh failed on node1 with exit status 1:\nit went wrong"]
    }


def test_a_lab_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", LAB.replace("minutes: 5", "minutes: five"))
    proof = prove(folder, FactDriver())
    assert why(proof) == {"text": [f"{folder}/lab.yaml:4:10: `minutes`: expected a whole number, found `five`"]}
    assert len(proof.steps) == 1


def test_a_lab_without_a_solution_is_not_proven(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab")
    (folder / "solution.sh").unlink()
    found = why(prove(folder, FactDriver()))
    assert found["solution"] == [f"{folder}/solution.sh:1:1: this file does not exist"]


def test_a_lab_that_cannot_run_here_is_skipped_and_not_failed(tmp_path: Path) -> None:
    proof = prove(write_lab(tmp_path / "lab", LAB + "capabilities: [selinux]\n"), FactDriver())
    assert (proof.ok, proof.failed, proof.skipped) == (False, [], "selinux: a fake has none")


def test_keep_keeps_the_machine_of_a_failed_step_only(tmp_path: Path) -> None:
    driver = FactDriver()
    proof = prove(write_lab(tmp_path / "lab", wrong_half="# fails: two.b\nset c yes\n"), driver, keep=True)
    (kept,) = driver.attempts()
    assert [step.kept for step in proof.failed] == [kept.attempt]


def test_keep_keeps_the_machine_whose_setup_failed(tmp_path: Path) -> None:
    driver = FactDriver()
    proof = prove(write_lab(tmp_path / "lab", setup="false\n"), driver, keep=True)
    assert sorted(step.kept or "" for step in proof.failed) == sorted(found.attempt for found in driver.attempts())
    assert len(driver.attempts()) == len(proof.steps) - 1
    assert {why for step in proof.failed for why in step.why} == {
        "setup.sh failed on node1 with exit status 1:\nit went wrong"
    }
    assert {a.state for a in Attempts(driver).all()} == {"incomplete"}


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (MachineGone("node1 does not run", "node1"), "node1 does not run"),
        (CommandTimeout("get a", 10), "`get a` did not end within 10 s"),
        (EnvironmentBroken("no subnet is free"), "no subnet is free"),
    ],
)
def test_what_one_machine_does_is_no_matter_of_the_other_steps(tmp_path: Path, error: Exception, why: str) -> None:
    class Breaks(FactDriver):
        def provision(self, plan: Plan, progress: Progress = silent) -> None:
            super().provision(plan, progress)
            if len(self.seen) == 1:
                self.seen.append("again")
                raise error
            self.seen.append("once")

        seen: ClassVar[list[str]] = []

    Breaks.seen.clear()
    driver = Breaks()
    proof = prove(write_lab(tmp_path / "lab"), driver)
    assert [(step.name, step.why) for step in proof.failed] == [("solution-again", (why,))]
    assert driver.attempts() == []


def test_an_engine_that_is_gone_is_no_verdict_on_the_lab(tmp_path: Path) -> None:
    with pytest.raises(EngineGone):
        prove(write_lab(tmp_path / "lab"), FactDriver(dead=True))


def test_a_lab_that_is_not_trusted_is_not_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        prove(write_lab(tmp_path / "stranger"), FactDriver())


def test_the_second_run_draws_other_values(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", LAB + "values: {x: [ada, bo, cy], y: {range: [1, 3]}}\n")
    from rung.runner.lab import loader

    first, second = loader.load(folder, 1).values, loader.load(folder, second_seed(folder, 1)).values
    assert all(first[name] != second[name] for name in first)


def test_a_lab_that_draws_nothing_runs_with_one_seed(tmp_path: Path) -> None:
    assert second_seed(write_lab(tmp_path / "lab"), 1) == 1


def test_the_json_is_what_ci_reads(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", wrong_half="# fails: two.b\nset a yes\nset b yes\n")
    data = prove(folder, FactDriver()).as_json()
    steps = data.pop("steps")
    assert (data.pop("lab"), data.pop("folder"), data.pop("ok"), data.pop("skipped")) == (
        "lab",
        str(folder),
        False,
        None,
    )
    assert list(data) == ["seconds"]
    assert steps[-1] | {"seconds": 0} == {
        "name": "wrong/half",
        "ok": False,
        "why": ["two.b was to fail and passes"],
        "seconds": 0,
        "skipped": None,
        "kept": None,
    }


def test_untouched_solution_and_a_mistake_on_top_follow_each_other_on_one_machine(tmp_path: Path) -> None:
    on_top = {"wrong_damage": "# fails: two.kept\n# after: solution\nset kept no\n"}
    turns = turns_of(write_lab(tmp_path / "lab", **on_top))
    assert [[step.name for step in turn] for turn in turns] == [
        ["untouched", "solution", "wrong/damage"], ["text"], ["solution-again"], ["also/backwards"], ["wrong/half"],
    ]  # fmt: skip


def test_every_step_of_a_lab_that_restarts_its_machines_has_its_own(tmp_path: Path) -> None:
    turns = turns_of(write_lab(tmp_path / "lab", LAB + "reboot: true\n"))
    assert {len(turn) for turn in turns} == {1}


def test_what_comes_after_a_step_that_failed_begins_on_a_new_machine(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", setup="set kept yes\nset a yes\n", wrong_half="# fails: two.b\nset a yes\n")

    class Counts(FactDriver):
        made = 0

        def provision(self, plan: Plan, progress: Progress = silent) -> None:
            Counts.made += 1
            super().provision(plan, progress)

    driver = Counts()
    (row,) = [turn for turn in turns_of(folder) if len(turn) > 1]
    reports = Prover(driver).turn(folder, row)
    assert [(report.name, report.ok) for report in reports] == [
        ("untouched", False), ("solution", True), ("wrong/damage", True),
    ]  # fmt: skip
    assert Counts.made == 2
