"""Kind `policy`: a table of flows against the policies that there are, and tries where they are enforced."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from api_server import ApiState, expectation, namespace, pod, thing
from cluster_fixtures import Ask
from rung.checks.core.channel import Result

TRIED = "from pod/counter in shop to pod/server in till, 8080/TCP: tried"
ENFORCED = frozenset({"network-policy"})


def policy(name: str, **spec: Any) -> dict[str, Any]:
    return thing("NetworkPolicy", name, "till", spec={"podSelector": {}, "policyTypes": ["Ingress"], **spec})


@pytest.fixture
def api_state() -> ApiState:
    """Only the counter in shop may call the till on 8080."""
    port = {"name": "http", "containerPort": 8080}
    server = pod("server", namespace="till", labels={"app": "till"}, status={"podIP": "10.0.0.2"},
                 spec={"containers": [{"name": "app", "image": "x", "ports": [port]}]})  # fmt: skip
    peer = {"namespaceSelector": {"matchLabels": {"team": "sales"}}, "podSelector": {"matchLabels": {"app": "counter"}}}
    rule = {"from": [peer], "ports": [{"port": "http"}]}
    return ApiState([
        namespace("lab"), namespace("till"), namespace("shop", team="sales"), namespace("empty"), server,
        pod("counter", namespace="shop"), pod("clerk", namespace="shop"),
        policy("deny"), policy("allow", ingress=[rule]),
    ])  # fmt: skip


def flow(source: Any, ports: Any = 8080, allowed: bool = True, target: Any = None) -> dict[str, Any]:
    target = target or {"namespace": "till", "labels": "app=till"}
    return {"from": source, "to": target, "ports": ports, "allowed": allowed}


COUNTER = {"namespace": "shop", "labels": {"app": "counter"}}
CLERK = {"namespace": "shop", "labels": {"app": "clerk"}}


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ([flow(COUNTER), flow(CLERK, allowed=False), flow(COUNTER, ["8081", "53/UDP"], allowed=False)], []),
        ([flow({"namespace": "shop", "like": {"app": "counter"}}, "http")], []),
        ([flow({"namespace": "empty", "like": {"app": "counter"}}, allowed=False)], []),
        ([flow({"ip": "203.0.113.9"}, allowed=False)], []),
        ([flow({"namespace": "till"}, 443, target={"ip": "192.0.2.1"})], []),
        (
            [flow(CLERK)],
            [("from pod/clerk in shop to pod/server in till, 8080/TCP: by the policies: "
             "expected allowed, found denied (Ingress by till/allow, till/deny)")],
        ),
        (
            [flow({"namespace": "shop"}, allowed=False)],
            [("from pod/counter in shop to pod/server in till, 8080/TCP: by the policies: "
             "expected denied, found allowed (Ingress by till/allow)")],
        ),
        (
            [flow({"namespace": "shop", "labels": "app=nobody"}, allowed=False)],
            ["pods with the labels app=nobody in shop: expected at least one, found none"],
        ),
        ([flow({"namespace": "empty"}, allowed=False)], ["pods in empty: expected at least one, found none"]),
        ([flow({"namespace": "gone"}, allowed=False)], ["namespace/gone: expected to exist, found none"]),
        (
            [flow(COUNTER, "metrics")],
            [("from pod/counter in shop to pod/server in till, metrics/TCP: "
             "pod/server in till declares no port `metrics` (TCP)")],
        ),
    ],
)  # fmt: skip
def test_the_flows_are_evaluated(ask: Ask, api_state: ApiState, flows: list[Any], told: list[str]) -> None:
    assert ask(api_state, {"policy": flows}) == told


def test_a_pod_that_has_ended_is_no_end_of_a_flow(ask: Ask, api_state: ApiState) -> None:
    api_state.objects.append(pod("job", namespace="shop", status={"phase": "Succeeded"}))
    assert ask(api_state, {"policy": [flow({"namespace": "shop", "labels": "app=job"})]}) == [
        "pods with the labels app=job in shop: expected at least one, found none"
    ]


@pytest.mark.parametrize(
    ("clerk", "told"),
    [
        (Result(28, b"0.000000", b"curl: (28) Connection timed out\n"), []),
        (Result(127, b"", b""), []),  # no client: evaluated only
        (Result(1, b"", b"nc: timed out\n"), []),
        (
            Result(0, b"0.001000", b""),
            ["from pod/clerk in shop to pod/server in till, 8080/TCP: tried: expected none, found a connection"],
        ),
    ],
)
def test_where_policies_are_enforced_flows_are_tried_from_within_the_pod(
    ask: Ask, api_state: ApiState, clerk: Result, told: list[str]
) -> None:
    tried = []

    def commands(name: str, words: list[str], _: bytes) -> Result:
        tried.append((name, re.search(r"http://[^;]*", words[-1])[0]))  # type: ignore[index]
        return clerk if name == "clerk" else Result(0, b"0.001000", b"")

    api_state.commands = commands
    asked = {"policy": [flow(COUNTER, "http"), flow(CLERK, allowed=False), flow(COUNTER, "53/UDP", allowed=False)]}
    assert ask(api_state, asked) == []
    assert tried == []
    assert ask(api_state, asked | {"live": False}, capabilities=ENFORCED) == []
    assert tried == []
    assert ask(api_state, asked, capabilities=ENFORCED) == told
    assert tried == [("counter", "http://10.0.0.2:8080/"), ("clerk", "http://10.0.0.2:8080/")]


def test_an_allowed_flow_that_does_not_come_about_is_told(ask: Ask, api_state: ApiState) -> None:
    api_state.commands = lambda *_: Result(28, b"0.000000", b"curl: (28) Connection timed out\n")
    assert ask(api_state, {"policy": [flow(COUNTER)]}, capabilities=ENFORCED) == [
        f"{TRIED}: expected a connection, found no answer within 3 s"
    ]


def test_a_refusal_comes_from_a_port_that_nobody_listens_on_too(ask: Ask, api_state: ApiState) -> None:
    api_state.commands = lambda *_: Result(7, b"0.000000", b"curl: (7) Failed to connect\n")
    assert ask(api_state, {"policy": [flow(COUNTER), flow(CLERK, allowed=False)]}, capabilities=ENFORCED) == []


def test_sentences_and_mistakes() -> None:
    one = expectation({"policy": [flow(COUNTER, [8080, "53/UDP"], allowed=False)]})
    assert (
        one.sentence() == "By the network policies app=counter in shop may not reach app=till in till on 8080, 53/UDP"
    )
    several = expectation({"policy": [flow(COUNTER), flow(CLERK, allowed=False), flow({"ip": "192.0.2.1"})]})
    assert several.sentence() == "The network policies allow 2 flows and deny 1 as the task says"
    assert list(one.names()) == ["shop", "till"]
    for mistake, told in [
        (flow({"ip": "192.0.2.1", "labels": "a=b"}), "give one of `labels`, `like` and `ip`"),
        (flow(COUNTER, "80/ICMP"), "expected a port such as 8080, http or 53/UDP, found '80/ICMP'"),
    ]:
        with pytest.raises(ValidationError) as caught:
            expectation({"policy": [mistake]})
        assert [str(e["ctx"]["error"]) for e in caught.value.errors()] == [told]
