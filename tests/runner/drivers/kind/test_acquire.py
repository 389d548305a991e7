"""Who gets which cluster, who joins, who leaves it last, and what goes: on an engine in memory."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError

from fake_labs import write_lab
from kind_on_paper import Engine, OnPaper
from rung.checks.cluster import ApiRefused, ClusterGone
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.runner.attempts.spare_cluster import spare_unwanted
from rung.runner.attempts.start import create_attempt
from rung.runner.attempts.state import state_of
from rung.runner.core import processes
from rung.runner.core.errors import EngineGone, EngineRefused, EnvironmentBroken
from rung.runner.core.progress import silent
from rung.runner.drivers.base.labels import KIND_LABEL, object_name
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.cluster import base_machine
from rung.runner.drivers.cluster.names import container_name
from rung.runner.drivers.kind import driver, snapshot
from rung.runner.drivers.kind.lock import making
from rung.runner.drivers.kind.pool import ROOM
from rung.runner.engine import host
from rung.runner.images import build
from rung.runner.lab import loader
from rung.runner.lab.model import BASE, ClusterSpec

DEAD = "4194304:1"  # no process has such an id


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """No Kubernetes; the notes of clusters that were put right, in their order."""
    done: list[str] = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # the lock
    monkeypatch.setattr(build, "ensure", lambda name, *_: f"rung/{name}")
    monkeypatch.setattr(driver, "kind_program", lambda _: "kind")
    monkeypatch.setattr(driver, "wait_until_settled", lambda *_: None)
    monkeypatch.setattr(base_machine, "know_peers", lambda *_: None)
    monkeypatch.setattr(host, "available_memory", lambda: ROOM - 1)
    monkeypatch.setattr(snapshot, "take", lambda _: {"of": secrets.token_hex(4)})
    monkeypatch.setattr(snapshot, "restore", lambda _, before: done.append(before["of"]))
    return done


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def kind(engine: Engine) -> OnPaper:
    return OnPaper(engine)


def plan(*needs: str, workers: int = 0, scope: str = "namespace", share: str | None = None) -> Plan:
    spec = ClusterSpec(workers=workers, scope=scope)  # type: ignore[arg-type]
    return Plan(secrets.token_hex(4), "a-lab", "/labs/a-lab", 7, "abc", (BASE,), frozenset(needs), spec, share=share)


def begin(kind: OnPaper, wanted: Plan | None = None) -> tuple[str, str]:
    """An attempt that begins, and its cluster."""
    wanted = wanted or plan()
    kind.provision(wanted)
    return wanted.attempt, kind.ownership.cluster(wanted.attempt)


def at_once(*verbs: Callable[[], object]) -> None:
    threads = [threading.Thread(target=verb) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def node_of(cluster: str) -> str:
    return container_name(cluster, "controlplane")


# -- taking one


@pytest.mark.parametrize("scope", ["namespace", "cluster"])
def test_a_cluster_whose_base_was_removed_by_other_hands_is_not_given_to_the_next_lab(
    kind: OnPaper, engine: Engine, scope: str
) -> None:
    attempt, cluster = begin(kind, plan(scope=scope))
    engine.remove_container(object_name(attempt, "base"))
    assert [(kept.ready, kept.making) for kept in kind.spares()] == [(False, False)]
    assert begin(kind)[1] != cluster
    assert node_of(cluster) not in engine.names()


def test_nor_is_one_that_served_a_lab_before(kind: OnPaper, engine: Engine) -> None:
    kind.prepare(ClusterSpec())
    (waiting,) = kind.spares()
    attempt, cluster = begin(kind)
    assert (waiting.name, waiting.ready) == (cluster, True)
    engine.remove_container(object_name(attempt, "base"))
    assert begin(kind)[1] != cluster


def test_attempts_that_begin_at_once_never_get_the_same_cluster(kind: OnPaper, engine: Engine) -> None:
    kind.prepare(ClusterSpec())
    (waiting,) = kind.spares()
    got: list[str] = []
    at_once(*[lambda: got.append(begin(OnPaper(engine))[1]) for _ in range(4)])
    assert len(set(got)) == 4
    assert waiting.name in got


@pytest.mark.parametrize("why", [APIError("no space left on device"), KeyboardInterrupt()])
def test_a_cluster_whose_base_could_not_be_made_leaves_no_network(
    kind: OnPaper, engine: Engine, why: BaseException
) -> None:
    engine.refused = why
    with pytest.raises((EngineRefused, KeyboardInterrupt)):
        begin(kind)
    assert engine.names() == []


def test_a_cluster_that_waits_is_still_there_when_base_could_not_be_made(kind: OnPaper, engine: Engine) -> None:
    kind.prepare(ClusterSpec())
    engine.refused = APIError("no space left on device")
    with pytest.raises(EngineRefused):
        begin(kind)
    assert [kept.ready for kept in kind.spares()] == [True]


# -- sharing one, and leaving it


def test_of_two_that_leave_a_cluster_at_once_one_puts_it_right(
    kind: OnPaper, engine: Engine, restored: list[str]
) -> None:
    first, cluster = begin(kind, plan(share="exam"))
    second, same = begin(kind, plan(share="exam"))
    assert same == cluster
    at_once(lambda: OnPaper(engine).destroy(first), lambda: OnPaper(engine).destroy(second))
    assert len(restored) == 1
    assert [(kept.name, kept.ready) for kept in kind.spares()] == [(cluster, True)]


def test_an_attempt_that_is_ended_twice_at_once_leaves_its_cluster_to_the_next(kind: OnPaper, engine: Engine) -> None:
    attempt, cluster = begin(kind)
    at_once(*[lambda: OnPaper(engine).destroy(attempt) for _ in range(3)])
    assert [(kept.name, kept.ready) for kept in kind.spares()] == [(cluster, True)]


def test_nobody_joins_a_cluster_that_is_being_put_right(
    kind: OnPaper, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined: list[str] = []

    def restore(_api: object, _before: Mapping[str, Any]) -> None:
        joined.append(begin(OnPaper(engine), plan(share="exam"))[1])

    monkeypatch.setattr(snapshot, "restore", restore)
    attempt, cluster = begin(kind, plan(share="exam"))
    kind.destroy(attempt)
    assert len(joined) == 1
    assert joined != [cluster]
    assert [kept.name for kept in kind.spares() if kept.ready] == [cluster]


@pytest.mark.parametrize(
    "why",
    [
        EnvironmentBroken("no kubeconfig"),
        MachineGone("no shell", "controlplane"),
        CommandTimeout("cat", 20),
        ClusterGone("GET /api", "connection refused"),
        ApiRefused(403, "no", "GET /api"),
        ValueError("not a kubeconfig"),
    ],
    ids=lambda why: type(why).__name__,
)
def test_a_cluster_that_cannot_be_asked_any_more_goes_with_its_attempt(
    kind: OnPaper, engine: Engine, why: Exception
) -> None:
    def fails() -> None:
        raise why

    attempt, _ = begin(kind)
    kind.api = fails
    kind.destroy(attempt)
    assert engine.names() == []


def test_a_cluster_whose_mark_cannot_be_written_goes_with_its_attempt(
    kind: OnPaper, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise APIError("no space left on device")

    attempt, _ = begin(kind)
    monkeypatch.setattr(engine, "put_archive", full)
    kind.destroy(attempt)
    assert engine.names() == []


def test_a_cluster_that_reaches_the_internet_serves_only_labs_that_need_it(kind: OnPaper, engine: Engine) -> None:
    cluster = begin(kind, plan("internet", share="exam"))[1]
    assert begin(kind, plan("internet", share="exam"))[1] == cluster
    inside, other = begin(kind, plan(share="exam"))
    assert other != cluster
    assert begin(kind, plan("internet", share="exam"))[1] == cluster
    kind.destroy(inside)
    assert [kept.name for kept in kind.spares()] == [other]
    alone, last = begin(kind, plan("internet"))
    kind.destroy(alone)
    assert node_of(last) not in engine.names()


# -- beginning again on a spare


def test_who_begins_again_takes_the_spare_and_the_cluster_left_goes_when_somebody_tidies(
    kind: OnPaper, engine: Engine
) -> None:
    wanted = plan(scope="cluster")
    attempt, used = begin(kind, wanted)
    kind.prepare(ClusterSpec())
    (spare,) = kind.spares()
    kind.destroy_later(attempt)
    assert begin(kind, wanted)[1] == spare.name
    (left,) = kind.spares()
    assert (left.name, left.ready, left.making) == (used, False, False)
    assert spare_unwanted(kind, 0, ROOM) is None  # it is none
    kind.collect_garbage()
    assert node_of(used) not in engine.names()
    assert [found.attempt for found in kind.attempts()] == [attempt]


@pytest.mark.parametrize("waiting", [None, ClusterSpec(workers=1)])
def test_without_a_spare_and_the_memory_for_two_the_cluster_that_is_left_goes_at_once(
    kind: OnPaper, engine: Engine, waiting: ClusterSpec | None
) -> None:
    attempt, used = begin(kind, plan(scope="cluster"))
    if waiting is not None:
        kind.prepare(waiting)
    kind.destroy_later(attempt)
    assert node_of(used) not in engine.names()


@pytest.fixture
def left(kind: OnPaper, monkeypatch: pytest.MonkeyPatch) -> tuple[Plan, str]:
    """What begins again where there is memory for two, and the cluster that it has left."""
    monkeypatch.setattr(host, "available_memory", lambda: ROOM)
    wanted = plan(scope="cluster")
    attempt, used = begin(kind, wanted)
    kind.destroy_later(attempt)
    return wanted, used


def test_with_memory_for_two_the_cluster_that_is_left_stands_still_until_somebody_tidies(
    kind: OnPaper, engine: Engine, left: tuple[Plan, str]
) -> None:
    wanted, used = left
    assert begin(kind, wanted)[1] != used
    assert engine.made[node_of(used)]["State"] == "paused"
    assert [kept.name for kept in kind.spares()] == [used]
    kind.collect_garbage()
    assert node_of(used) not in engine.names()


def test_it_goes_too_where_the_next_one_cannot_be_made(
    kind: OnPaper, engine: Engine, left: tuple[Plan, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, used = left

    def fails(*_: object) -> None:
        raise EnvironmentBroken("no space left on device")

    monkeypatch.setattr(driver, "wait_until_settled", fails)
    lab = loader.load(write_lab(tmp_path / "lab"))
    with pytest.raises(EnvironmentBroken):
        create_attempt(kind, lab, wanted, keep=False, progress=silent)
    assert node_of(used) not in engine.names()


def test_what_was_left_makes_room_before_another_cluster_is_made(kind: OnPaper, engine: Engine) -> None:
    wanted = plan(scope="cluster")
    attempt, used = begin(kind, wanted)
    kind.prepare(ClusterSpec())
    kind.destroy_later(attempt)
    begin(kind, wanted)
    begin(kind, plan(scope="cluster"))
    assert node_of(used) not in engine.names()


# -- what is of no use any more


def test_a_cluster_that_stopped_with_the_engine_is_no_spare_and_goes(kind: OnPaper, engine: Engine) -> None:
    kind.prepare(ClusterSpec())
    (waiting,) = kind.spares()
    assert spare_unwanted(kind, 0, ROOM) == "There is a spare cluster already."
    engine.made[node_of(waiting.name)]["State"] = "exited"
    assert spare_unwanted(kind, 0, ROOM) is None
    kind.prepare(ClusterSpec())
    (other,) = kind.spares()
    assert (other.ready, other.name == waiting.name) == (True, False)


def test_a_cluster_that_is_being_made_is_a_spare_while_its_maker_lives(kind: OnPaper, engine: Engine) -> None:
    kind.half_made("0a1b2c3d", processes.this_process())
    assert spare_unwanted(kind, 0, ROOM) == "There is a spare cluster already."
    begin(kind)
    assert "rung-0a1b2c3d-cluster" in engine.names()


def test_a_cluster_whose_maker_died_is_no_spare_and_goes(kind: OnPaper, engine: Engine) -> None:
    kind.half_made("0a1b2c3d", DEAD)
    assert spare_unwanted(kind, 0, ROOM) is None
    begin(kind)
    assert "rung-0a1b2c3d-cluster" not in engine.names()


def test_of_makers_only_one_that_is_at_it_is_ended_with_its_cluster(
    kind: OnPaper, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(processes, "terminate", ended.append)
    # Its nodes are gone, as if it had never had any: somebody else is removing it, its maker perhaps.
    kind.half_made("0a1b2c3d", "7:7")
    kind.release("0a1b2c3d")
    assert ended == []
    kind.half_made("0a1b2c3e", "8:8")
    with making("0a1b2c3e"):
        kind.release("0a1b2c3e")
    assert ended == ["8:8"]
    assert engine.names() == []


def test_two_of_a_size_are_kept_and_what_is_of_no_use_does_not_count(kind: OnPaper, engine: Engine) -> None:
    attempts = [begin(kind) for _ in range(3)]
    kind.half_made("0a1b2c3d", DEAD)
    for attempt, _ in attempts:
        kind.destroy(attempt)
    assert [kept.name for kept in kind.spares() if kept.ready] == [cluster for _, cluster in attempts[:2]]
    assert node_of(attempts[2][1]) not in engine.names()


def test_a_start_that_was_killed_is_told_of_and_removed(kind: OnPaper, engine: Engine) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    wanted = plan(workers=1)
    kind.clusters.create = killed  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        kind.provision(wanted)
    (found,) = OnPaper(engine).attempts()
    assert (found.attempt, len(found.machines), found.expected) == (wanted.attempt, 1, 3)
    assert state_of(found) == "incomplete"
    OnPaper(engine).destroy(wanted.attempt)
    assert engine.names() == []


def test_an_attempt_that_lost_a_node_is_incomplete_and_is_removed_whole(kind: OnPaper, engine: Engine) -> None:
    attempt, cluster = begin(kind, plan(workers=1))
    engine.remove_container(container_name(cluster, "node01"))
    (found,) = kind.attempts()
    assert state_of(found) == "incomplete"
    kind.destroy(attempt)
    assert engine.names() == []


def test_clusters_of_others_are_neither_used_nor_told_of_nor_removed(kind: OnPaper, engine: Engine) -> None:
    for name in ("kind", "rung-mine"):
        engine.add(f"{name}-control-plane", {KIND_LABEL: name})
    attempt, _ = begin(kind)
    kind.destroy(attempt)
    for kept in kind.spares():
        kind.release(kept.name)
    assert kind.spares() == []
    assert engine.names() == ["kind-control-plane", "rung-mine-control-plane"]


# -- what the engine and the API say


def test_an_engine_that_stops_answering_is_told(kind: OnPaper, engine: Engine) -> None:
    engine.gone = True
    with pytest.raises(EngineGone) as silent:
        kind.clusters.marks.note("0a1b2c3d")
    assert str(silent.value) == "The engine stopped answering while reading a cluster's mark: nobody listens there"


def test_an_api_that_fails_before_a_cluster_is_noted_is_the_environments_fault(
    kind: OnPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_api: object) -> None:
        raise ApiRefused(503, "etcd is slow", "GET /apis")

    monkeypatch.setattr(snapshot, "take", refuses)
    with pytest.raises(EnvironmentBroken) as broken:
        begin(kind)
    assert str(broken.value) == ("The cluster's API failed while Rung took its snapshot: GET /apis: 503: etcd is slow")
    assert broken.value.fix == (
        "`rung stop --all`, then start the lab again; `rung doctor` tells whether memory or disk is short."
    )
