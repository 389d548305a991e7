"""Kind `sysctl`: the value now on a machine, and the one that the configuration sets at boot."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

FILES = """
echo 'net.ipv4.ip_forward = 1' >/etc/sysctl.d/50-router.conf
echo 'net.ipv4.ip_forward = 0' >/usr/lib/sysctl.d/40-early.conf
echo '-vm/swappiness=10' >/etc/sysctl.d/90-vm.conf
echo 'vm.swappiness=60' >/run/sysctl.d/90-vm.conf
echo '#kernel.domainname = x' >>/etc/sysctl.d/50-router.conf
echo 'net.ipv4.ip_local_port_range = 20000 30000' >/etc/sysctl.d/60-ports.conf
"""


@pytest.fixture(scope="module")
def box(node1: Machine) -> Machine:
    prepare(node1, f"mkdir -p /run/sysctl.d\n{FILES}")
    return node1


@pytest.mark.machines
@pytest.mark.parametrize(
    "data",
    [
        {"sysctl": "net.ipv4.ip_forward", "persistent": 1},
        {"sysctl": "net/ipv4/ip_forward", "persistent": "1"},
        {"sysctl": "vm.swappiness", "persistent": 10},
        {"sysctl": "net.ipv4.ip_local_port_range", "persistent": "20000  30000"},
        {"sysctl": "kernel.domainname", "persistent": False},
        {"sysctl": "kernel.ostype", "value": "Linux"},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


@pytest.mark.machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"sysctl": "kernel.ostype", "value": "Minix", "persistent": True},
            [
                "kernel.ostype: expected Minix, found Linux",
                "kernel.ostype: at boot: expected Minix, found no setting",
            ],
        ),
        (
            {"sysctl": "net.ipv4.ip_forward", "persistent": 0},
            ["net.ipv4.ip_forward: at boot: expected 0, found 1"],
        ),
        (
            {"sysctl": "net.ipv4.ip_forward", "persistent": False},
            ["net.ipv4.ip_forward: at boot: expected no setting, found 1"],
        ),
        ({"sysctl": "kernel.nosuch", "value": 1}, ["kernel.nosuch: expected 1, found no such key"]),
    ],
)
def test_a_false_expectation_has_these_reasons(box: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(box, data) == expected


def test_an_expectation_that_asks_nothing_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="needs `value`, or a value in `persistent`"):
        expectation({"sysctl": "a.b", "persistent": True})


def test_sentences() -> None:
    assert expectation({"sysctl": "a.b", "value": 1}).sentence() == "a.b is 1"
    assert expectation({"sysctl": "a.b", "value": 1, "persistent": True}).sentence() == (
        "a.b is 1, also after a restart"
    )
    assert expectation({"sysctl": "a.b", "persistent": 2}).sentence() == "a.b will be 2 after a restart"
    assert expectation({"sysctl": "a.b", "persistent": False}).sentence() == "a.b is not configured"
