"""NetworkPolicies: what they mean, case by case, and what must hold of any of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.kubernetes.tools.network_policies import FlowEnd, evaluate_flow

SHOP = {"kubernetes.io/metadata.name": "shop", "team": "sales"}
TILL = {"kubernetes.io/metadata.name": "till"}
COUNTER = FlowEnd("counter", "10.1.0.1", "shop", {"app": "counter"}, SHOP)
CLERK = FlowEnd("clerk", "10.1.0.2", "shop", {"app": "clerk"}, SHOP)
PORTS = {("http", "TCP"): 8080, ("dns", "UDP"): 53}
SERVER = FlowEnd("server", "10.2.0.1", "till", {"app": "till", "tier": "api"}, TILL, PORTS)
OTHER = FlowEnd("other", "10.2.0.2", "till", {"app": "other"}, TILL)
HOST = FlowEnd("host", "192.0.2.10", "till", {"app": "till"}, TILL, host_network=True)
OUTSIDE = FlowEnd("outside", "203.0.113.7")


def policy(name: str, namespace: str = "till", **spec: Any) -> dict[str, Any]:
    """Selects every pod of its namespace unless it says otherwise."""
    return {"metadata": {"name": name, "namespace": namespace}, "spec": {"podSelector": {}, **spec}}


def ingress(*peers: Any, ports: Any = None, **spec: Any) -> dict[str, Any]:
    rule: dict[str, Any] = {"from": list(peers)} if peers else {}
    return policy("in", **{"policyTypes": ["Ingress"], "ingress": [rule | ({"ports": ports} if ports else {})], **spec})


def egress(*peers: Any, ports: Any = None, **spec: Any) -> dict[str, Any]:
    rule: dict[str, Any] = {"to": list(peers)} if peers else {}
    return policy(
        "out", "shop", **{"policyTypes": ["Egress"], "egress": [rule | ({"ports": ports} if ports else {})], **spec}
    )


APP_COUNTER = {"matchLabels": {"app": "counter"}}
IN_SHOP = {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}


@pytest.mark.parametrize(
    ("policies", "source", "target", "port", "allowed"),
    [
        # nothing selects: everything is open
        ([], COUNTER, SERVER, 8080, True),
        ([policy("elsewhere", "shop", policyTypes=["Ingress"])], COUNTER, SERVER, 8080, True),
        (
            [policy("x", podSelector={"matchLabels": {"app": "other"}}, policyTypes=["Ingress"])],
            COUNTER,
            SERVER,
            8080,
            True,
        ),
        # selected and no rule: closed; an empty rule: open again
        ([policy("deny", policyTypes=["Ingress"])], COUNTER, SERVER, 8080, False),
        ([policy("deny", policyTypes=["Ingress"], ingress=[])], COUNTER, SERVER, 8080, False),
        ([ingress()], COUNTER, SERVER, 8080, True),
        ([ingress(ingress=[{"from": []}])], COUNTER, SERVER, 8080, True),
        # without policyTypes: Ingress, and Egress only where there are such rules
        ([policy("default")], COUNTER, SERVER, 8080, False),
        ([policy("default", "shop")], COUNTER, SERVER, 8080, True),
        ([policy("default", "shop", egress=[{"to": [{"podSelector": {}}]}])], COUNTER, SERVER, 8080, False),
        ([policy("default", "shop", policyTypes=["Ingress"], egress=[{"to": []}])], COUNTER, SERVER, 8080, True),
        ([policy("default", "shop", policyTypes=["Egress"])], COUNTER, SERVER, 8080, False),
        # a pod selector alone: pods of the policy's own namespace
        ([ingress({"podSelector": APP_COUNTER})], COUNTER, SERVER, 8080, False),
        ([ingress({"podSelector": {}})], OTHER, SERVER, 8080, True),
        ([ingress({"podSelector": {}})], COUNTER, SERVER, 8080, False),
        # a namespace selector alone: all pods there; empty: all namespaces, but no address outside
        ([ingress({"namespaceSelector": IN_SHOP})], CLERK, SERVER, 8080, True),
        ([ingress({"namespaceSelector": {}})], CLERK, SERVER, 8080, True),
        ([ingress({"namespaceSelector": {}})], OUTSIDE, SERVER, 8080, False),
        ([ingress({"namespaceSelector": {"matchLabels": {"team": "sales"}}})], OTHER, SERVER, 8080, False),
        # both in one entry: and; in two entries: or
        ([ingress({"namespaceSelector": IN_SHOP, "podSelector": APP_COUNTER})], COUNTER, SERVER, 8080, True),
        ([ingress({"namespaceSelector": IN_SHOP, "podSelector": APP_COUNTER})], CLERK, SERVER, 8080, False),
        ([ingress({"namespaceSelector": IN_SHOP}, {"podSelector": APP_COUNTER})], CLERK, SERVER, 8080, True),
        # address blocks
        ([ingress({"ipBlock": {"cidr": "203.0.113.0/24"}})], OUTSIDE, SERVER, 8080, True),
        (
            [ingress({"ipBlock": {"cidr": "203.0.113.0/24", "except": ["203.0.113.0/28"]}})],
            OUTSIDE,
            SERVER,
            8080,
            False,
        ),
        (
            [ingress({"ipBlock": {"cidr": "203.0.113.0/24", "except": ["203.0.113.16/28"]}})],
            OUTSIDE,
            SERVER,
            8080,
            True,
        ),
        ([ingress({"ipBlock": {"cidr": "2001:db8::/32"}})], OUTSIDE, SERVER, 8080, False),
        ([egress({"ipBlock": {"cidr": "0.0.0.0/0"}})], COUNTER, OUTSIDE, 443, True),
        # ports
        ([ingress(ports=[{"port": 8080}])], COUNTER, SERVER, 8080, True),
        ([ingress(ports=[{"port": 80}])], COUNTER, SERVER, 8080, False),
        ([ingress(ports=[{"port": 8080, "protocol": "UDP"}])], COUNTER, SERVER, 8080, False),
        ([ingress(ports=[{"protocol": "TCP"}])], COUNTER, SERVER, 8080, True),
        ([ingress(ports=[{"port": "http"}])], COUNTER, SERVER, 8080, True),
        ([ingress(ports=[{"port": "http"}])], COUNTER, SERVER, 8081, False),
        ([ingress(ports=[{"port": "dns"}])], COUNTER, SERVER, 53, False),
        ([ingress(ports=[{"port": 8000, "endPort": 8100}])], COUNTER, SERVER, 8080, True),
        ([ingress(ports=[{"port": 8081, "endPort": 8100}])], COUNTER, SERVER, 8080, False),
        ([ingress(ports=[{"port": 8080}])], COUNTER, SERVER, "http", True),
        ([egress(ports=[{"port": "http"}])], COUNTER, SERVER, 8080, True),
        ([egress(ports=[{"port": "http"}])], COUNTER, OUTSIDE, 8080, False),
        # both ends must agree, and several policies add up
        ([ingress(), policy("shut", "shop", policyTypes=["Egress"])], COUNTER, SERVER, 8080, False),
        ([ingress(), egress()], COUNTER, SERVER, 8080, True),
        ([policy("deny", policyTypes=["Ingress"]), ingress()], COUNTER, SERVER, 8080, True),
        ([egress({"podSelector": {"matchLabels": {"app": "till"}}})], COUNTER, SERVER, 8080, False),
        # the host's network is neither selected nor a pod to a peer
        ([policy("deny", policyTypes=["Ingress"])], COUNTER, HOST, 8080, True),
        ([ingress({"podSelector": {}})], HOST, SERVER, 8080, False),
        ([ingress({"ipBlock": {"cidr": "192.0.2.0/24"}})], HOST, SERVER, 8080, True),
    ],
)
def test_what_policies_mean(policies: list[Any], source: FlowEnd, target: FlowEnd, port: Any, allowed: bool) -> None:
    assert evaluate_flow(policies, source, target, port).allowed is allowed


def test_a_verdict_names_the_policies_that_decided() -> None:
    assert str(evaluate_flow([], COUNTER, SERVER, 80)) == "allowed (no policy selects either end)"
    assert str(evaluate_flow([policy("a"), policy("b")], COUNTER, SERVER, 80)) == "denied (Ingress by till/a, till/b)"
    assert str(evaluate_flow([policy("a"), ingress()], COUNTER, SERVER, 80)) == "allowed (Ingress by till/in)"
    assert (
        str(evaluate_flow([policy("x", "shop", policyTypes=["Egress"])], COUNTER, SERVER, 80))
        == "denied (Egress by shop/x)"
    )


def test_a_port_name_that_the_target_does_not_declare_is_told() -> None:
    with pytest.raises(ValueError, match=r"^server declares no port `metrics` \(TCP\)$"):
        evaluate_flow([], COUNTER, SERVER, "metrics")


ENDS = st.sampled_from([COUNTER, CLERK, SERVER, OTHER, HOST, OUTSIDE])
SELECTORS = st.sampled_from([{}, APP_COUNTER, {"matchLabels": {"app": "till"}}, IN_SHOP])
PEERS = st.one_of(
    st.fixed_dictionaries({"podSelector": SELECTORS}),
    st.fixed_dictionaries({"namespaceSelector": SELECTORS}),
    st.fixed_dictionaries({"podSelector": SELECTORS, "namespaceSelector": SELECTORS}),
    st.sampled_from(["10.1.0.0/16", "0.0.0.0/0"]).map(lambda cidr: {"ipBlock": {"cidr": cidr}}),
)
RULES = st.fixed_dictionaries(
    {},
    optional={"peers": st.lists(PEERS, max_size=2), "ports": st.sampled_from([[{"port": 8080}], [{"port": 80}], []])},
)


def _rule(rule: dict[str, Any], key: str) -> dict[str, Any]:
    return {key if name == "peers" else name: value for name, value in rule.items()}


@st.composite
def policies_(draw: st.DrawFn) -> dict[str, Any]:
    return policy(
        draw(st.sampled_from("abc")), draw(st.sampled_from(["shop", "till"])), podSelector=draw(SELECTORS),
        policyTypes=draw(st.sampled_from([["Ingress"], ["Egress"], ["Ingress", "Egress"]])),
        ingress=[_rule(r, "from") for r in draw(st.lists(RULES, max_size=2))],
        egress=[_rule(r, "to") for r in draw(st.lists(RULES, max_size=2))],
    )  # fmt: skip


@given(st.lists(policies_(), max_size=4), ENDS, ENDS)
def test_a_rule_that_admits_all_opens_what_it_selects(policies: list[Any], source: FlowEnd, target: FlowEnd) -> None:
    spec = {"policyTypes": ["Ingress", "Egress"], "ingress": [{}], "egress": [{}]}
    opened = [*policies, policy("open", "shop", **spec), policy("open", "till", **spec)]
    assert evaluate_flow(opened, source, target, 8080).allowed


@given(st.lists(policies_(), max_size=4), ENDS, ENDS, st.randoms())
def test_the_order_of_policies_does_not_matter(
    policies: list[Any], source: FlowEnd, target: FlowEnd, random: Any
) -> None:
    shuffled = random.sample(policies, len(policies))
    assert (
        evaluate_flow(shuffled, source, target, 8080).allowed == evaluate_flow(policies, source, target, 8080).allowed
    )


@given(st.lists(policies_(), max_size=3), policies_(), ENDS, ENDS)
def test_one_more_policy_closes_only_ends_that_no_other_selected(
    policies: list[Any], more: Any, source: FlowEnd, target: FlowEnd
) -> None:
    before, after = (evaluate_flow(each, source, target, 8080) for each in (policies, [*policies, more]))
    if before.allowed and not after.allowed:
        assert f"{more['metadata']['namespace']}/{more['metadata']['name']}" in after.policies


@given(st.lists(policies_(), max_size=4))
def test_addresses_outside_are_never_selected(policies: list[Any]) -> None:
    assert evaluate_flow(policies, OUTSIDE, OUTSIDE, 8080).allowed
