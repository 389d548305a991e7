"""Shells are opened ahead for the one attempt that can be meant; where that fails, opening one works as without it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from rung.checks.core.channel import MachineGone
from rung.runner.drivers.base.labels import CLUSTER, LABEL
from rung.runner.drivers.container import shell_pool
from rung.runner.drivers.container.shell_pool import ShellPool


class Opened:
    """Stands for `exec_socket`: notes each call, and fails those it is told to."""

    def __init__(self, failing: Sequence[str] = ()) -> None:
        self.failing = list(failing)
        self.calls: list[str] = []
        self.sockets: list[socket.socket] = []

    def __call__(self, _client: Any, container: str, machine: str, _command: list[str]) -> socket.socket:
        self.calls.append(container)
        if container in self.failing:
            self.failing.remove(container)
            raise MachineGone(f"{machine} does not run", machine)
        self.sockets.append(socket.socket())
        return self.sockets[-1]


def container(name: str, attempt: str = "", cluster: str = "", state: str = "running") -> dict[str, Any]:
    labels = {LABEL: attempt} | ({CLUSTER: cluster} if cluster else {})
    return {"Names": [f"/{name}"], "Labels": labels, "State": state}


def engine(containers: list[dict[str, Any]], nodes: Sequence[dict[str, Any]] = ()) -> Any:
    def listed(label: str, *, running: bool = False) -> list[dict[str, Any]]:  # noqa: ARG001
        return list(containers) if label == LABEL else list(nodes)

    return SimpleNamespace(containers=listed, networks=lambda _: [])


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    found = Opened()
    monkeypatch.setattr(shell_pool, "exec_socket", found)
    yield found
    for sock in found.sockets:
        sock.close()


def reached(engine: Any, attempt: str | None = None) -> ShellPool:
    made = ShellPool(engine)
    made._begin_all(attempt)
    for begun in list(made._begun.values()):
        begun.exception(timeout=5)
    return made


def test_a_shell_that_was_begun_is_handed_over_once(opened: Opened) -> None:
    made = reached(engine([container("rung-a-node1", "a")]))
    made.open("rung-a-node1", "node1")
    assert opened.calls == ["rung-a-node1"]
    made.open("rung-a-node1", "node1")
    assert opened.calls == ["rung-a-node1", "rung-a-node1"]


def test_of_a_cluster_those_of_its_nodes_are_begun_too(opened: Opened) -> None:
    reached(engine([container("rung-a-base", "a", "c")], [container("rung-c-control-plane")]))
    assert sorted(opened.calls) == ["rung-a-base", "rung-c-control-plane"]


@pytest.mark.parametrize(("chosen", "begun"), [(None, []), ("b", ["rung-b-node1"]), ("c", [])])
def test_of_several_attempts_only_the_one_that_is_named_is_meant(
    opened: Opened, chosen: str | None, begun: list[str]
) -> None:
    reached(engine([container("rung-a-node1", "a"), container("rung-b-node1", "b")]), chosen)
    assert opened.calls == begun


def test_a_machine_that_does_not_run_gets_none(opened: Opened) -> None:
    reached(engine([container("rung-a-node1", "a", state="paused")]))
    assert opened.calls == []


def test_what_failed_to_begin_is_tried_again_and_then_said(opened: Opened) -> None:
    opened.failing = ["rung-a-node1", "rung-a-node1"]
    made = reached(engine([container("rung-a-node1", "a")]))
    with pytest.raises(MachineGone) as gone:
        made.open("rung-a-node1", "node1")
    assert str(gone.value) == "node1 does not run"
    made.open("rung-a-node1", "node1")


def test_an_engine_that_is_gone_is_left_for_grading_to_find(opened: Opened) -> None:
    reached(SimpleNamespace(api=SimpleNamespace(containers=lambda **_: 1 / 0)))
    assert opened.calls == []


def test_the_process_keeps_its_settings(opened: Opened) -> None:
    before = sys.getswitchinterval()
    reached(engine([container("rung-a-node1", "a")]))
    assert opened.calls == ["rung-a-node1"]
    assert sys.getswitchinterval() == before
