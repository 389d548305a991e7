"""Mutants on machines: what becomes of them, and which machines they share."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_labs import LAB
from mutation_labs import ShellDriver, mutation_lab
from rung.runner.authoring.mutation.mutants import Mutant, mutants
from rung.runner.authoring.mutation.trial import Baseline, Fate, Trials, shares
from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.core.paths import home
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.plan import Plan
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

LIMIT = 20.0


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return loader.load(mutation_lab(tmp_path / "lab"), 1)


def mutant(text: str) -> Mutant:
    return Mutant("omit-command-000000", "omit-command", "solution.sh", 1, "is tried", text, "")


def fate(lab: Lab, text: str) -> tuple[Fate, tuple[str, ...]]:
    (tried,) = Trials(ShellDriver()).try_all(lab, [mutant(text)], LIMIT)
    return tried.fate, tried.why


def test_a_mutant_that_loses_points_is_killed_by_the_checks_that_it_fails(lab: Lab) -> None:
    assert fate(lab, "touch a\n") == (Fate.KILLED, ("two.b",))


def test_a_mutant_that_earns_all_points_survives(lab: Lab) -> None:
    assert fate(lab, "touch b a c\n") == (Fate.SURVIVED, ())


def test_a_guard_that_fails_kills(lab: Lab) -> None:
    assert fate(lab, "touch a b\nrm kept\n") == (Fate.KILLED, ("two.kept",))


def test_half_work_is_graded_when_a_script_ends_with_an_error(lab: Lab) -> None:
    assert fate(lab, "touch a\nfalse\n") == (Fate.KILLED, ("two.b", "its script ends with an error"))
    assert fate(lab, "touch a b\nfalse\n") == (Fate.SURVIVED, ("its script ends with an error",))


def test_a_mutant_that_runs_into_the_time_limit_is_killed_and_counted_apart(lab: Lab) -> None:
    assert fate(lab, "hang\n") == (Fate.LATE, ("solution.sh did not end within 20 s on node1.",))


def test_a_mutant_that_breaks_its_machine_is_killed_and_counted_apart(lab: Lab) -> None:
    assert fate(lab, "halt\n")[0] is Fate.BROKEN


def test_a_survivor_that_ends_only_at_the_restart_is_killed(tmp_path: Path) -> None:
    folder = mutation_lab(
        tmp_path / "lab", LAB.replace("get a", "get volatile").replace("`a`", "`volatile`") + "reboot: true\n"
    )
    assert fate(loader.load(folder, 1), "touch volatile b\n")[0] is Fate.KILLED


def test_mutants_share_a_machine_that_is_reset_between_them_and_nothing_is_left(lab: Lab) -> None:
    driver, before = ShellDriver(), set((home() / "attempts").glob("*"))
    tried = Trials(driver).try_all(lab, [mutant("touch a b\n"), mutant("touch a\n"), mutant("touch b\n")], LIMIT)
    assert [each.why for each in tried] == [(), ("two.b",), ("one.a",)]
    assert len({done for done in driver.done if done.startswith("destroy")}) == 1
    assert (driver.attempts(), set((home() / "attempts").glob("*"))) == ([], before)


def test_after_a_broken_machine_the_next_mutant_has_a_new_one(lab: Lab) -> None:
    tried = Trials(ShellDriver()).try_all(lab, [mutant("halt\n"), mutant("touch a\n")], LIMIT)
    assert [each.fate for each in tried] == [Fate.BROKEN, Fate.KILLED]


def test_a_machine_that_cannot_be_made_is_no_verdict_on_the_mutant(lab: Lab) -> None:
    class NoRoom(ShellDriver):
        times = 1

        def provision(self, plan: Plan, progress: Progress = silent) -> None:
            if self.times:
                self.times -= 1
                raise EnvironmentBroken("no subnet is free")
            super().provision(plan, progress)

    assert [each.fate for each in Trials(NoRoom()).try_all(lab, [mutant("touch a\n")], LIMIT)] == [Fate.KILLED]
    NoRoom.times = 2
    with pytest.raises(EnvironmentBroken) as error:
        Trials(NoRoom()).try_all(lab, [mutant("touch a\n")], LIMIT)
    assert str(error.value) == "lab could not be started: no subnet is free"


def test_an_engine_that_is_gone_ends_everything(lab: Lab) -> None:
    with pytest.raises(EngineGone):
        Trials(ShellDriver(dead=True)).try_all(lab, [mutant("touch a\n")], LIMIT)


def test_keep_keeps_the_machine_of_a_survivor_that_is_not_declared(lab: Lab) -> None:
    driver = ShellDriver()
    undeclared = [mutant("touch a\n"), mutant("touch a b\n"), mutant("touch b\n")]
    tried = Trials(driver, keep=True).try_all(lab, undeclared, LIMIT)
    (kept,) = driver.attempts()
    assert [each.kept for each in tried] == [None, kept.attempt, None]
    declared = ShellDriver()
    Trials(declared, keep=True).try_all(lab, undeclared, LIMIT, {"omit-command-000000"})
    assert declared.attempts() == []


def test_the_solution_is_tried_first_and_sets_the_time_limit(lab: Lab, tmp_path: Path) -> None:
    assert Trials(ShellDriver()).baseline(lab).why == ()
    wrong = loader.load(mutation_lab(tmp_path / "wrong", solution="touch a\n"), 1)
    assert Trials(ShellDriver()).baseline(wrong).why == (
        "two.b fails after solution.sh: `get b`: output: expected `yes`, found nothing",
    )
    assert [Baseline(seconds).limit for seconds in (0, 5, 500)] == [20, 30, 120]


def test_mutants_are_shared_out_to_machines_each_to_a_cluster_of_its_own(lab: Lab, tmp_path: Path) -> None:
    text = LAB.replace("machines: [{name: node1}]", "cluster: {scope: cluster}")
    cluster = loader.load(mutation_lab(tmp_path / "cluster", text), 1)
    found = mutants(lab) * 6
    assert [len(group) for group in shares(lab, found, 2)] == [6, 6]
    assert [len(group) for group in shares(lab, found, 8)] == [4, 4, 4]
    assert [len(group) for group in shares(cluster, found, 2)] == [1] * 12
