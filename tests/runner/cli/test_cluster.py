"""rung warm, env, and what status and stop say of clusters that nobody uses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fake_lab import Rung, World
from rung.runner.attempts import spare_cluster
from rung.runner.drivers.base.plan import MachineState, SpareCluster
from rung.runner.drivers.kind.pool import ROOM


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_cluster, "available_memory", lambda: ROOM)


@pytest.mark.usefixtures("memory")
def test_a_cluster_that_is_ready_is_told_of_and_removed_with_everything(said: Rung, world: World) -> None:
    assert said("warm", "--workers", "1").code == 0
    assert [kept.expected for kept in world.spare_clusters] == [2]
    assert said("status").out.splitlines() == [
        "No lab is running. rung start starts one.",
        "Cluster 00000000 (controlplane, node01) is ready for the next lab: rung stop --all removes it.",
    ]
    assert said("stop", "--all").out == "removed 00000000\n"
    assert world.spare_clusters == []


def test_of_one_that_is_not_ready_it_is_told_why(said: Rung, world: World) -> None:
    node = MachineState("controlplane", "stopped", True, "root")
    world.spare_clusters += [
        SpareCluster("00000000", (), datetime.now(UTC), False, 1, making=True),
        SpareCluster("00000001", (node,), datetime.now(UTC), False, 1),
    ]
    assert said("status").out.splitlines()[1:] == [
        "Cluster 00000000 (no node yet) is being created: rung stop --all removes it.",
        "Cluster 00000001 (controlplane) is left over and unused: rung stop --all removes it.",
    ]


@pytest.mark.usefixtures("memory")
def test_one_is_enough(said: Rung, world: World) -> None:
    said("warm")
    assert said("warm").err == "There is a spare cluster already.\n"
    assert len(world.spare_clusters) == 1


def test_too_little_memory_makes_none_and_is_no_error(
    said: Rung, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spare_cluster, "available_memory", lambda: 2 << 30)
    done = said("warm")
    assert (done.code, world.spare_clusters) == (0, [])
    assert done.err == "2.0 GiB of memory are free; a spare cluster is made only where 6 GiB are.\n"


def test_a_terminal_is_pointed_at_the_cluster_and_back(
    said: Rung, started: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started, "kubeconfig", lambda _attempt: Path("/home/my files/clusters/1.yaml"))
    assert said("env").out == "export KUBECONFIG='/home/my files/clusters/1.yaml'\n"
    assert said("env", "--unset").out == "unset KUBECONFIG\n"


@pytest.mark.usefixtures("started")
def test_a_lab_of_machines_has_no_cluster_to_point_at(said: Rung) -> None:
    done = said("env")
    assert (done.code, done.out) == (2, "")
    assert done.err == "two-files has no cluster.\nWhat to do: `rung shell` opens its machine.\n"
