"""Clusters for the tests: a small server in this process (api_server), and a real one (real_cluster)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from api_server import ApiState, check_context, connected, expectation, serving
from real_cluster import OBJECTS, RealCluster
from rung.checks.cluster import Cluster as ClusterClient
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.kind.driver import KindDriver
from rung.runner.lab.model import BASE, ClusterSpec

Ask = Callable[..., list[str]]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """ask(api_state, {"resource": ...}, node01=machine) -> the reasons why it does not hold."""
    with ExitStack() as stack:
        urls: dict[int, str] = {}

        def reasons(
            api_state: ApiState, data: dict[str, Any], *, capabilities: frozenset[str] = frozenset(), **hosts: Machine
        ) -> list[str]:
            if id(api_state) not in urls:
                urls[id(api_state)] = stack.enter_context(serving(api_state))
            cluster = connected(urls[id(api_state)], capabilities=capabilities)
            stack.callback(cluster.close)
            try:
                return list(expectation(data).reasons(check_context(cluster, **hosts)))
            except Fail as fail:
                return fail.reasons

        yield reasons


@pytest.fixture(scope="module")
def _provisioned(rung_home: None) -> Iterator[tuple[KindDriver, str]]:  # noqa: ARG001
    driver, attempt = KindDriver.connect(), secrets.token_hex(4)
    spec = ClusterSpec(workers=1, scope="cluster", namespace="lab")
    try:
        driver.provision(Plan(attempt, "test", "/nowhere", 1, "0", (BASE,), frozenset(), spec))
        yield driver, attempt
    finally:
        driver.destroy(attempt)


@pytest.fixture(scope="module")
def real(_provisioned: tuple[KindDriver, str]) -> Iterator[RealCluster]:
    """A real cluster with two nodes and the objects of real_cluster, ready."""
    driver, attempt = _provisioned
    names = ["base", "controlplane", "node01"]
    hosts = {name: Machine(name, driver.channel(attempt, name)) for name in names}
    path = driver.kubeconfig(attempt)
    cluster = RealCluster(ClusterClient.from_kubeconfig(path, "lab"), hosts)
    cluster.apply(OBJECTS)
    for asked in ({"resource": "deployment/web", "ready": True}, {"resource": "pod/client", "ready": True}):
        _until(cluster, asked, 120)
    yield cluster
    cluster.cluster.close()


def _until(cluster: RealCluster, asked: dict[str, Any], seconds: float) -> None:
    end = time.monotonic() + seconds
    while found := cluster.ask(asked):
        assert time.monotonic() < end, found
        time.sleep(0.2)


@pytest.fixture
def reboot(_provisioned: tuple[KindDriver, str]) -> Callable[[str], None]:
    """reboot("node01"): stop and start a node."""
    driver, attempt = _provisioned
    return lambda machine: driver.reboot(attempt, machine)
