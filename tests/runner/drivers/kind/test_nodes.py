"""Nodes that do not tell what they should, and an API that fails meanwhile."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from rung.checks.cluster import ClusterGone
from rung.checks.core.channel import Result
from rung.checks.core.machine import Machine
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.fake.driver import FakeChannel
from rung.runner.drivers.kind.nodes import Nodes, with_server


class Node(FakeChannel):
    """A control plane that gives one answer to everything."""

    def __init__(self, answer: Result) -> None:
        self.answer = answer

    def run(self, *_: Any, **__: Any) -> Result:
        return self.answer


def nodes(answer: Result) -> Nodes:
    told = {"NetworkSettings": {"Ports": {"6443/tcp": [{"HostPort": "40001"}]}}}
    engine: Any = SimpleNamespace(inspect_container=lambda *_: told)
    made = Nodes(engine, clusters=None, shells=None)  # type: ignore[arg-type]
    machine = Machine("controlplane", Node(answer))
    made.machines = lambda *_: nullcontext({"controlplane": machine})  # type: ignore[method-assign]
    return made


@pytest.mark.parametrize(
    "answer",
    [
        Result(1, b"", b"cat: no such file"),
        Result(0, b"", b""),
        Result(0, b"clusters: []\n", b""),
        Result(0, b"a: b: c", b""),
    ],
    ids=["missing", "empty", "of no cluster", "no YAML"],
)
def test_an_administrators_kubeconfig_that_is_none_is_told_with_what_to_do(answer: Result) -> None:
    with pytest.raises(EnvironmentBroken) as broken:
        nodes(answer).kubeconfig("0a1b2c3d")
    assert str(broken.value) == (
        "The control plane does not say how to reach its API: /etc/kubernetes/admin.conf is missing or is no "
        "kubeconfig."
    )
    assert broken.value.fix == "`rung reset` begins the lab again on another cluster; `rung stop` ends it."


def test_one_that_is_whole_is_given_the_port_on_this_computer() -> None:
    text = b"clusters: [{cluster: {server: 'https://controlplane:6443'}, name: a}]\nusers: [{name: b, user: {}}]\n"
    assert "server: https://127.0.0.1:40001" in nodes(Result(0, text, b"")).kubeconfig("0a1b2c3d")


def test_an_api_that_fails_under_the_metrics_server_is_the_environments_fault() -> None:
    def gone(*_: object) -> None:
        raise ClusterGone("GET /api/v1/nodes", "connection refused")

    api: Any = SimpleNamespace(list=gone)
    with pytest.raises(EnvironmentBroken) as broken:
        nodes(Result(0, b"", b"")).serve_metrics("0a1b2c3d", api)
    assert str(broken.value) == (
        "The cluster's API failed while the metrics server was installed: GET /api/v1/nodes: connection refused"
    )


def test_a_kubeconfig_of_a_node_brings_nothing_that_this_computer_would_run_or_read() -> None:
    user = {"client-certificate-data": "cert", "client-key-data": "key", "exec": {"command": "/bin/evil"}}
    user |= {"tokenFile": "/etc/shadow", "client-key": "/root/.ssh/id_rsa"}
    cluster = {"server": "https://there", "certificate-authority-data": "ca", "proxy-url": "http://evil"}
    edited = {"clusters": [{"name": "k", "cluster": cluster}], "users": [{"name": "u", "user": user}]}
    kept = yaml.safe_load(with_server(yaml.safe_dump(edited), "https://here"))
    assert kept["clusters"][0]["cluster"] == {"certificate-authority-data": "ca", "server": "https://here"}
    assert kept["users"][0]["user"] == {"client-certificate-data": "cert", "client-key-data": "key"}
