"""Many labs at once: each gets its proof, records are written, an interrupt leaves nothing behind."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fake_labs import LAB, FactDriver, write_lab
from rung.runner.authoring.proof import Proof
from rung.runner.authoring.prove_many import interleaved_turns, nodes_kept, prove_all
from rung.runner.catalog import trust
from rung.runner.core.errors import EngineGone
from rung.runner.drivers.base.plan import SpareCluster


@pytest.fixture
def labs(tmp_path: Path) -> list[Path]:
    (tmp_path / "proofs.json").write_text("{}\n")
    good, bad = write_lab(tmp_path / "good"), write_lab(tmp_path / "bad", solution="set a yes\n", wrong_damage=None)
    trust.trust(tmp_path, edits=True)
    return [bad, good]


def test_each_lab_gets_its_proof_in_the_order_asked(labs: list[Path], tmp_path: Path) -> None:
    told: list[Proof] = []
    found = prove_all(labs, FactDriver(), jobs=3, done=told.append)
    assert [(p.lab, p.ok) for p in found] == [("bad", False), ("good", True)]
    assert sorted(p.lab for p in told) == ["bad", "good"]
    assert [s.name for s in found[1].steps][:4] == ["text", "untouched", "solution", "solution-again"]
    assert list(json.loads((tmp_path / "proofs.json").read_text())) == ["good"]


def test_nothing_is_recorded_where_that_is_not_wanted(labs: list[Path], tmp_path: Path) -> None:
    prove_all(labs, FactDriver(), record=False)
    assert json.loads((tmp_path / "proofs.json").read_text()) == {}


def test_a_lab_that_is_named_twice_is_proven_once(labs: list[Path]) -> None:
    assert [p.lab for p in prove_all([labs[1], labs[1]], FactDriver())] == ["good"]


def test_an_interrupt_removes_the_machines_of_the_steps_under_way(labs: list[Path]) -> None:
    driver, begun = FactDriver(), threading.Event()

    def interrupt(_step: str, what: str) -> None:
        if what == "bad: untouched":
            begun.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prove_all(labs, driver, jobs=2, progress=interrupt)
    assert begun.is_set()
    assert list(driver.attempts()) == []


class ClusterDriver(FactDriver):
    """Each step leaves a cluster for the next lab, as kind's does."""

    def __init__(self) -> None:
        super().__init__()
        self.spare_clusters = [cluster("theirs"), cluster("being-made", ready=False)]

    def destroy(self, attempt: str) -> None:
        super().destroy(attempt)
        self.spare_clusters.append(cluster(attempt))


def cluster(name: str, *, ready: bool = True) -> SpareCluster:
    return SpareCluster(name, (), datetime.now(UTC), ready, 1)


def test_clusters_that_many_labs_left_are_removed_those_of_one_lab_wait_for_its_next_proof(labs: list[Path]) -> None:
    many, one = ClusterDriver(), ClusterDriver()
    prove_all(labs, many)
    assert [kept.name for kept in many.spares()] == ["theirs", "being-made"]
    prove_all(labs[1:], one)
    assert len(one.spares()) > 2


def test_an_engine_that_is_gone_ends_all(labs: list[Path]) -> None:
    with pytest.raises(EngineGone):
        prove_all(labs, FactDriver(dead=True))


def test_labs_that_leave_clusters_for_the_next_come_last_and_the_largest_of_them_after_all(tmp_path: Path) -> None:
    environments = {
        "two-nodes": "cluster: {workers: 1}",
        "one-node": "cluster: {}",
        "used-up": "cluster: {workers: 2, scope: cluster}",
        "machines": "machines: [{name: node1}]",
    }
    for name, environment in environments.items():
        write_lab(tmp_path / name, LAB.replace("machines: [{name: node1}]", environment))
    folders = sorted((tmp_path / name for name in environments), key=nodes_kept)
    assert [folder.name for folder in folders] == ["used-up", "machines", "one-node", "two-nodes"]


def test_turns_of_a_few_labs_are_interleaved(tmp_path: Path) -> None:
    short = write_lab(tmp_path / "short", also_backwards=None, wrong_half=None)
    folders = [write_lab(tmp_path / "long"), short]
    assert [(folder.name, [step.name for step in turn]) for folder, turn in interleaved_turns(folders)] == [
        ("long", ["untouched", "solution", "wrong/damage"]), ("short", ["untouched", "solution", "wrong/damage"]),
        ("long", ["text"]), ("short", ["text"]),
        ("long", ["solution-again"]), ("short", ["solution-again"]),
        ("long", ["also/backwards"]), ("long", ["wrong/half"]),
    ]  # fmt: skip
