"""Clusters for the tests: a tiny server in this process (api_server), and a real one (real_cluster)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from api_server import World, connected, expectation, place, serving
from real_cluster import OBJECTS, Real
from rung.checks.cluster import Cluster as ClusterClient
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.kind.driver import KindDriver
from rung.runner.lab.model import BASE, ClusterSpec

Ask = Callable[..., list[str]]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """ask(world, {"resource": ...}, node01=machine) -> the reasons why it does not hold."""
    with ExitStack() as stack:
        urls: dict[int, str] = {}

        def reasons(
            world: World, data: dict[str, Any], *, capabilities: frozenset[str] = frozenset(), **hosts: Machine
        ) -> list[str]:
            if id(world) not in urls:
                urls[id(world)] = stack.enter_context(serving(world))
            cluster = connected(urls[id(world)], capabilities=capabilities)
            stack.callback(cluster.close)
            try:
                return list(expectation(data).reasons(place(cluster, **hosts)))
            except Fail as fail:
                return fail.reasons

        yield reasons


@pytest.fixture(scope="module")
def _made(rung_home: None) -> Iterator[tuple[KindDriver, str]]:  # noqa: ARG001
    driver, attempt = KindDriver.connect(), secrets.token_hex(4)
    spec = ClusterSpec(workers=1, scope="cluster", namespace="lab")
    try:
        driver.provision(Plan(attempt, "test", "/nowhere", 1, "0", (BASE,), frozenset(), spec))
        yield driver, attempt
    finally:
        driver.destroy(attempt)


@pytest.fixture(scope="module")
def real(_made: tuple[KindDriver, str]) -> Iterator[Real]:
    """A real cluster with two nodes and the objects of real_cluster, ready."""
    driver, attempt = _made
    names = ["base", "controlplane", "node01"]
    hosts = {name: Machine(name, driver.channel(attempt, name)) for name in names}
    path = driver.kubeconfig(attempt)
    made = Real(ClusterClient.from_kubeconfig(path, "lab"), hosts)
    made.apply(OBJECTS)
    for asked in ({"resource": "deployment/web", "ready": True}, {"resource": "pod/client", "ready": True}):
        _until(made, asked, 120)
    yield made
    made.cluster.close()


def _until(made: Real, asked: dict[str, Any], seconds: float) -> None:
    end = time.monotonic() + seconds
    while found := made.ask(asked):
        assert time.monotonic() < end, found
        time.sleep(0.2)


@pytest.fixture
def reboot(_made: tuple[KindDriver, str]) -> Callable[[str], None]:
    """reboot("node01"): stop and start a node."""
    driver, attempt = _made
    return lambda machine: driver.reboot(attempt, machine)
