"""firewalld's rich rules: what they say, and whom they let in beside a zone's own services and ports."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.core.channel import Channel, Result
from rung.checks.core.machine import Machine
from rung.checks.linux.tools.firewalld_dbus import Zone
from rung.checks.linux.tools.rich_rules import Rule, View, parse_rule

SERVICES = {"http": [("80", "tcp")], "https": [("443", "tcp")], "dns": [("53", "tcp"), ("53", "udp")]}


class Firewalld:
    """A machine that answers busctl's questions about one zone."""

    def __init__(self, **settings: Any) -> None:
        self.settings = {"target": "default", **settings}

    def run(self, command: str, **_options: Any) -> Result:
        if "getServiceSettings2" in command:
            name = command.split()[-1]
            if name not in SERVICES:
                return Result(1, b"", b"INVALID_SERVICE")
            data: Any = {"ports": {"data": SERVICES[name]}}
        else:
            data = {key: {"data": value} for key, value in self.settings.items()}
        return Result(0, json.dumps({"data": [data]}).encode(), b"")

    def close(self) -> None:
        pass


def zone(*rules: str, **settings: Any) -> Zone:
    channel: Channel = Firewalld(rules_str=list(rules), **settings)
    return Zone(Machine("node1", channel), "public", "runtime", {})


def seen(opened: Zone, port: str) -> tuple[bool, bool]:
    """Whether a port is let in for everybody, and for anybody."""
    return opened.admits_port(port), opened.admits_port(port, "anybody")


PORT = 'port port="80" protocol="tcp"'
OPEN, PARTLY, CLOSED = (True, True), (False, True), (False, False)


@pytest.mark.parametrize(
    ("rule", "how"),
    [
        (f"rule {PORT} accept", OPEN),
        ('rule service name="http" accept', OPEN),
        (f'rule family="ipv4" {PORT} accept', OPEN),
        (f'rule priority="-5" {PORT} log prefix="a port" level="info" limit value="1/m" accept', OPEN),
        (f'rule {PORT} audit limit value="1/m" accept', OPEN),
        (f'rule family="ipv4" source address="0.0.0.0/0" {PORT} accept', OPEN),
        ('rule protocol value="tcp" accept', OPEN),
        ('rule priority="1" accept', OPEN),
        (f'rule family="ipv6" {PORT} accept', PARTLY),
        (f'rule {PORT} accept limit value="3/m"', PARTLY),
        (f'rule family="ipv4" source NOT address="10.0.0.0/8" {PORT} accept', PARTLY),
        (f'rule family="ipv4" destination address="192.0.2.1" {PORT} accept', PARTLY),
        ('rule source-port port="53" protocol="tcp" accept', PARTLY),
        (f'rule family="ipv4" source address="10.0.0.0/8" {PORT} accept', CLOSED),
        (f'rule source mac="02:00:00:00:00:01" {PORT} accept', CLOSED),
        (f'rule source ipset="office" {PORT} accept', CLOSED),
        (f"rule {PORT} drop", CLOSED),
        (f'rule {PORT} log prefix="x"', CLOSED),
        ('rule port port="80" protocol="udp" accept', CLOSED),
        ('rule protocol value="udp" accept', CLOSED),
        ('rule icmp-type name="echo-request" accept', CLOSED),
        ('rule family="ipv4" forward-port port="80" protocol="tcp" to-port="8080" accept', CLOSED),
    ],
)
def test_whom_a_rule_lets_in(rule: str, how: tuple[bool, bool]) -> None:
    assert seen(zone(rule), "80/tcp") == how


@pytest.mark.parametrize(
    ("rule", "how"),
    [
        (f"rule {PORT} drop", CLOSED),
        (f'rule {PORT} reject type="icmp-port-unreachable"', CLOSED),
        ('rule service name="http" reject', CLOSED),
        (f'rule family="ipv4" source not address="10.0.0.0/8" {PORT} drop', PARTLY),  # open by IPv6
        (f'rule family="ipv4" {PORT} drop', PARTLY),
        (f'rule {PORT} drop limit value="3/m"', PARTLY),
        (f'rule family="ipv4" source address="192.0.2.7" {PORT} drop', OPEN),
        (f'rule priority="-1" {PORT} accept', OPEN),
        ('rule port port="81" protocol="tcp" drop', OPEN),
    ],
)
def test_whom_a_rule_shuts_out_of_what_is_open(rule: str, how: tuple[bool, bool]) -> None:
    assert seen(zone(rule, ports=[["80", "tcp"]]), "80/tcp") == how
    assert seen(zone(rule, services=["http"]), "80/tcp") == how
    assert seen(zone(rule, target="ACCEPT"), "80/tcp") == how


def test_priorities_decide_between_rules() -> None:
    late = f'rule priority="10" {PORT} drop'  # after the zone's ports, before its target
    assert seen(zone(late, ports=[["80", "tcp"]]), "80/tcp") == OPEN
    assert seen(zone(late, target="ACCEPT"), "80/tcp") == CLOSED
    rules = (f"rule {PORT} drop", f'rule priority="-1" {PORT} accept')
    assert seen(zone(*rules), "80/tcp") == seen(zone(*reversed(rules)), "80/tcp") == OPEN
    assert seen(zone(f"rule {PORT} accept", f"rule {PORT} drop"), "80/tcp") == CLOSED


def test_a_range_is_let_in_when_all_of_it_is() -> None:
    ports = [["8000-8004", "tcp"], ["8005-8010", "tcp"]]
    assert seen(zone(ports=ports), "8002-8008/tcp") == OPEN
    assert seen(zone(ports=ports), "8000-8011/tcp") == CLOSED
    assert seen(zone('rule port port="8003" protocol="tcp" drop', ports=ports), "8002-8008/tcp") == CLOSED


def test_a_service_is_let_in_by_name_or_by_all_of_its_ports() -> None:
    assert zone(services=["dns"]).admits_service("dns")
    assert zone(ports=[["53", "tcp"], ["53", "udp"]]).admits_service("dns")
    assert not zone(ports=[["53", "tcp"]]).admits_service("dns", "anybody")
    assert zone(services=["unheard-of"]).admits_service("unheard-of")
    assert not zone('rule service name="unheard-of" drop', services=["unheard-of"]).admits_service("unheard-of")


def test_what_is_let_in_is_named() -> None:
    opened = zone(
        'rule family="ipv6" service name="dns" accept',
        'rule priority="3" protocol value="tcp" accept',
        f"rule {PORT} drop",
        services=["http", "https"],
        ports=[["81", "tcp"]],
    )
    whole = 'rule priority="3" protocol value="tcp" accept'
    assert (opened.services(), opened.ports()) == (["https"], ["81/tcp", whole])
    assert (opened.services("anybody"), opened.ports("anybody")) == (["dns", "https"], ["81/tcp", whole])


WORD = st.text("abcdefghijklmnopqrstuvwxyz -/:.", min_size=1, max_size=12).filter(lambda text: text.strip() == text)
LIMIT = st.sampled_from(["", ' limit value="2/m"'])


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, Rule]:
    """A rule as firewalld writes it, and what it says."""
    family = draw(st.sampled_from([None, "ipv4", "ipv6"]))
    priority = draw(st.integers(-100, 100))
    element, named = draw(
        st.sampled_from(
            [
                (' service name="http"', {"service": "http"}),
                (' port port="8000-8010" protocol="udp"', {"port": "8000-8010/udp"}),
                (' protocol value="tcp"', {"protocol": "tcp"}),
                ("", {}),
            ]
        )
    )
    source = draw(st.sampled_from(["", "address", "NOT address", "ipset"])) if family == "ipv4" else ""
    text = "rule" + (f' family="{family}"' if family else "") + (f' priority="{priority}"' if priority else "")
    text += f' source {source}="{"office" if source == "ipset" else "10.0.0.0/8"}"' if source else ""
    text += element
    if draw(st.booleans()):
        text += f' log prefix="{draw(WORD)}" level="info"' + draw(LIMIT)
    if draw(st.booleans()):
        text += " audit" + draw(LIMIT)
    action, limit = draw(st.sampled_from(["accept", "reject", "drop"])), draw(LIMIT)
    text += f" {action}{limit}"
    few, but = source in ("address", "ipset"), source.startswith("NOT")
    said = Rule(text, action == "accept", family, priority, few, but, partly=bool(limit), **named)
    return text, said


@given(rules())
def test_a_rule_is_read_as_firewalld_writes_it(rule: tuple[str, Rule]) -> None:
    assert parse_rule(rule[0]) == rule[1]


@given(rules(), st.sampled_from(["80/tcp", "8005/udp"]), st.sampled_from(["everybody", "anybody"]))
def test_a_log_and_an_audit_let_nobody_in_and_shut_nobody_out(rule: tuple[str, Rule], port: str, view: View) -> None:
    text, said = rule
    plain = f"{text.split(' log ')[0].split(' audit')[0].rsplit(' accept', 1)[0]}"
    bare = parse_rule(f"{plain} accept")
    if said.accepts and not said.partly and bare is not None:
        assert zone(text).admits_port(port, view) == zone(bare.text).admits_port(port, view)
    assert not zone(text).admits_port(port) or zone(text).admits_port(port, "anybody")
