"""Which servers are on this computer, and how the machine base gets to one."""

from __future__ import annotations

from typing import Any

import pytest

from rung.checks.cluster import ApiRefused, ClusterGone
from rung.checks.core.channel import CommandTimeout, Result
from rung.checks.core.machine import Machine
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.base.plan import UserCluster
from rung.runner.drivers.fake.driver import FakeChannel, FakeDriver
from rung.runner.drivers.kubeconfig.route import Route, asking, is_loopback, route_to, unreached


def container(
    name: str, networks: dict[str, str], ports: tuple[tuple[int, int], ...] = (), kind: str = "tcp"
) -> dict[str, Any]:
    """A container as the engine lists it; ports are (of this computer, inside)."""
    return {
        "Names": [f"/{name}"],
        "Ports": [{"PrivatePort": inside, "PublicPort": ours, "Type": kind} for ours, inside in ports],
        "NetworkSettings": {"Networks": {name: {"IPAddress": address} for name, address in networks.items()}},
    }


NODE = container("mine-control-plane", {"kind": "172.18.0.2"}, ((41234, 6443),))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True), ("127.8.9.10", True), ("::1", True), ("0.0.0.0", True), ("localhost", True),
        ("api.localhost", True), ("kubernetes.docker.internal", True), ("10.0.0.1", False), ("192.168.49.2", False),
        ("localhost.example.com", False), ("example.com", False), ("", False),
    ],
)  # fmt: skip
def test_this_computer_is_told_by_addresses_alone(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_a_node_s_published_port_is_reached_on_the_node_s_network() -> None:
    others = [container("shop", {"bridge": "172.17.0.2"}, ((8080, 80),)), container("quiet", {"x": ""})]
    assert route_to("https://127.0.0.1:41234", [*others, NODE]) == Route(
        True, "https://mine-control-plane:6443", "kind", "127.0.0.1"
    )


def test_a_balancer_that_listens_everywhere_is_as_near() -> None:
    balancer = container("k3d-mine-serverlb", {"k3d-mine": "172.20.0.4"}, ((6550, 6443),))
    assert route_to("https://0.0.0.0:6550", [balancer]) == Route(
        True, "https://k3d-mine-serverlb:6443", "k3d-mine", "0.0.0.0"
    )


def test_on_the_engine_s_first_network_only_addresses_are_known() -> None:
    alone = container("api", {"bridge": "172.17.0.5"}, ((6443, 6443),))
    assert route_to("https://localhost:6443", [alone]).server == "https://172.17.0.5:6443"
    both = container("api", {"bridge": "172.17.0.5", "own": "172.19.0.5"}, ((6443, 6443),))
    assert route_to("https://localhost:6443", [both]).server == "https://api:6443"


def test_a_port_of_another_protocol_is_another_port() -> None:
    assert (
        route_to("https://127.0.0.1:41234", [container("dns", {"x": "10.1.1.1"}, ((41234, 53),), "udp")]).network
        is None
    )


def test_what_listens_on_this_computer_itself_is_reached_by_its_gateway() -> None:
    assert route_to("https://127.0.0.1:6443", [NODE]) == Route(
        True, "https://host.docker.internal:6443", None, "127.0.0.1", {"host.docker.internal": "host-gateway"}
    )
    assert route_to("https://127.0.0.1:6443", [], podman=True) == Route(
        True, "https://host.containers.internal:6443", None, "127.0.0.1", {}
    )


def test_a_container_s_own_address_is_on_this_computer_and_one_like_it_is_not() -> None:
    assert route_to("https://172.18.0.2:6443", [NODE]) == Route(True, "https://172.18.0.2:6443", "kind")
    assert route_to("https://172.18.0.3:6443", [NODE]) == Route(False, "https://172.18.0.3:6443")


@pytest.mark.parametrize("server", ["https://10.1.2.3:6443", "https://api.example.com", "https://[2001:db8::1]:6443"])
def test_everything_else_is_not(server: str) -> None:
    assert route_to(server, [NODE]) == Route(False, server)


def test_with_an_engine_elsewhere_its_containers_are_not_here() -> None:
    assert route_to("https://172.18.0.2:6443", [NODE], engine_here=False) == Route(False, "https://172.18.0.2:6443")
    assert route_to("https://127.0.0.1:41234", [NODE], engine_here=False) == Route(True, "https://127.0.0.1:41234")


def test_where_a_proxy_leads_is_not_on_this_computer() -> None:
    proxy = "http://me:secret@proxy.example:3128"
    assert route_to("https://127.0.0.1:41234", [NODE], proxy=proxy) == Route(
        False, "https://127.0.0.1:41234", proxy=proxy
    )


def test_a_proxy_on_this_computer_is_reached_by_its_gateway() -> None:
    proxy, server = "http://me:secret@127.0.0.1:3128", "https://api.example.com"
    assert route_to(server, [NODE], proxy=proxy) == Route(
        False,
        server,
        peers={"host.docker.internal": "host-gateway"},
        proxy="http://me:secret@host.docker.internal:3128",
    )
    assert route_to(server, [NODE], proxy="http://localhost", podman=True) == Route(
        False, server, proxy="http://host.containers.internal:80"
    )
    assert route_to(server, [NODE], proxy=proxy, engine_here=False) == Route(False, server, proxy=proxy)


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (Result(0, b"{}", b""), None),
        (Result(1, b"", b"E1125 a long story\nUnable to connect to the server: refused\n"),
         "Unable to connect to the server: refused"),
        (Result(127, b"", b""), "kubectl ended with status 127"),
    ],
)  # fmt: skip
def test_whether_base_is_answered_is_asked_there(result: Result, why: str | None) -> None:
    driver = FakeDriver(answer=lambda _machine, _command: result)
    driver.state = lambda _attempt, _machine: "running"  # type: ignore[method-assign]
    assert unreached(Machine("base", FakeChannel(driver, "0a1b2c3d", "base"))) == why


def test_a_base_that_waits_for_an_answer_has_none() -> None:
    def late(_machine: str, command: str) -> Result:
        raise CommandTimeout(command, 20)

    driver = FakeDriver(answer=late)
    driver.state = lambda _attempt, _machine: "running"  # type: ignore[method-assign]
    why = unreached(Machine("base", FakeChannel(driver, "0a1b2c3d", "base")))
    assert why == "`kubectl --request-timeout=5s get --raw /version` did not end within 20 s"


OWN = UserCluster("mine", "https://127.0.0.1:41234", "/home/me/.kube/config")


def test_a_cluster_that_is_silent_or_refuses_is_told_by_its_context() -> None:
    with pytest.raises(EnvironmentBroken) as silent, asking(OWN):
        raise ClusterGone("GET https://127.0.0.1:41234/apis", "connection refused")
    assert str(silent.value) == (
        "The cluster of context mine does not answer at https://127.0.0.1:41234: connection refused."
    )
    with pytest.raises(EnvironmentBroken) as refused, asking(OWN):
        raise ApiRefused(401, "Unauthorized", "GET https://127.0.0.1:41234/apis")
    assert str(refused.value) == "The cluster of context mine refuses what the lab asks for: Unauthorized"
    assert refused.value.fix == "`kubectl --context mine get nodes` tells more."
