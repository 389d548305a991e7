"""Kinds `lookup`, `hostname` and `interface` on a machine."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from asking_kinds import expectation, prepare, reasons
from local_shell import Shell
from rung.checks.core.channel import Result
from rung.checks.core.machine import Machine

NAMES = """
printf '10.7.7.7 files.lab.test files\\n10.7.7.8 twice\\n10.7.7.9 twice\\n' >>/etc/hosts
printf '# comment\\nbox7\\n' >/etc/hostname
hostname box7
ip addr add 10.8.0.5/24 dev lo
printf 'nameserver 10.8.0.53\\n' >/run/resolv
cp /run/resolv /etc/resolv.conf
"""


@pytest.fixture(scope="module")
def box(boot: Any) -> Machine:
    machine: Machine = boot("node1", capabilities=("net-admin", "sys-admin"))["node1"]
    prepare(machine, NAMES)
    return machine


@pytest.mark.machines
@pytest.mark.parametrize(
    "data",
    [
        {"lookup": "files", "address": "10.7.7.7", "canonical": "files.lab.test"},
        {"lookup": "files.lab.test", "addresses": ["10.7.7.7"], "database": "hosts"},
        {"lookup": "twice", "addresses": ["10.7.7.9", "10.7.7.8"]},
        {"lookup": "localhost", "address": "127.0.0.1"},
        {"hostname": "box7"},
        {"interface": "lo", "up": True, "addresses": ["10.8.0.5/24", "127.0.0.1"], "lacks": ["10.8.0.6"]},
        {"interface": "lo", "nameservers": ["10.8.0.53"], "lacks": ["10.8.0.5/16"]},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


@pytest.mark.machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"lookup": "files", "address": "10.7.7.1", "addresses": ["10.7.7.2"], "canonical": "files"},
            [
                "files: addresses: expected 10.7.7.2, found 10.7.7.7",
                "files: address: expected 10.7.7.1, found 10.7.7.7",
                "files: canonical name: expected files, found files.lab.test",
            ],
        ),
        ({"lookup": "twice", "address": "10.7.7.8"}, ["twice: address: expected 10.7.7.8, found 10.7.7.8, 10.7.7.9"]),
        ({"lookup": "nosuch.invalid"}, ["nosuch.invalid: expected an address, found none"]),
        ({"lookup": "nosuch.invalid", "address": "10.0.0.1"}, ["nosuch.invalid: expected 10.0.0.1, found none"]),
        ({"lookup": "files", "database": "dns"}, ["files: expected an address, found none"]),
        (
            {"hostname": "node9"},
            ["hostname: current: expected node9, found box7", "hostname: /etc/hostname: expected node9, found box7"],
        ),
        (
            {
                "interface": "lo",
                "up": False,
                "addresses": ["10.8.0.5/16"],
                "lacks": ["10.8.0.5"],
                "gateway": "10.8.0.1",
                "nameservers": ["10.8.0.54"],
            },
            [
                "lo: up: expected no, found yes (UNKNOWN)",
                "lo: addresses: expected 10.8.0.5/16, found 127.0.0.1/8, 10.8.0.5/24",
                "lo: addresses: expected no 10.8.0.5, found 127.0.0.1/8, 10.8.0.5/24",
                "lo: gateway: expected 10.8.0.1, found none",
                "lo: name servers: expected 10.8.0.54, found 10.8.0.53",
            ],
        ),
        ({"interface": "eth9", "up": False}, ["eth9: expected an interface of that name, found none"]),
    ],
)
def test_a_false_expectation_has_these_reasons(box: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(box, data) == expected


@pytest.mark.machines
def test_a_default_gateway_is_read_from_the_routes(box: Machine) -> None:
    prepare(box, "ip route add default via 10.8.0.1 dev lo")
    found = reasons(box, {"interface": "lo", "gateway": "10.8.0.1"})
    prepare(box, "ip route del default")
    assert found == []


LOOPBACK = '[{"ifname": "lo", "flags": ["LOOPBACK", "UP"], "operstate": "UNKNOWN"}]'
ROUTES = '[{"dst": "10.0.0.0/8", "gateway": "10.0.0.9"}, {"dst": "default", "gateway": "10.0.0.1"}]'


def test_state_and_gateway_are_asked_through_testinfra() -> None:
    answers = {"command -v ip": "ip", "ip --json link show lo": LOOPBACK, "ip -f inet --json route list dev lo": ROUTES}
    shell = Shell(lambda command: Result(0, answers[command].encode(), b""))
    found = reasons(Machine("node1", shell), {"interface": "lo", "up": True, "gateway": "10.0.0.9"})
    assert found == ["lo: gateway: expected 10.0.0.9, found 10.0.0.1"]
    assert shell.asked == [*list(answers)[:2], "command -v ip", list(answers)[2]]


def test_a_missing_ip_is_no_missing_interface() -> None:
    machine = Machine("node1", Shell(lambda _: Result(127, b"", b"bash: ip: command not found\n")))
    assert reasons(machine, {"interface": "lo", "up": False}) == [
        "lo: expected an answer from `ip`, found no such command"
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"lookup": "n", "address": "10.0.0"},
        {"lookup": "n", "addresses": ["x"]},
        {"interface": "eth0", "addresses": ["10.0.0.1/33"]},
        {"interface": "eth0", "gateway": "10.0.0.1/24"},
    ],
)
def test_a_text_that_is_no_address_is_a_mistake_of_the_lab(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        expectation(wrong)


def test_sentences_and_names() -> None:
    lookup = expectation({"lookup": "files", "address": "10.7.7.7", "database": "hosts"})
    assert lookup.sentence() == "files resolves to 10.7.7.7 by /etc/hosts"
    assert expectation({"hostname": "box7"}).sentence() == "The machine is called box7, also after a restart"
    interface = expectation({"interface": "eth1", "up": True, "addresses": ["10.0.0.2/24"], "gateway": "10.0.0.1"})
    assert interface.sentence() == "eth1 is up, has 10.0.0.2/24, leads to the default gateway 10.0.0.1"
    assert list(interface.names()) == ["eth1", "10.0.0.2/24", "10.0.0.1"]
