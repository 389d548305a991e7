"""Kind `firewall` on a machine whose firewalld runs."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

RULES = """
systemctl start firewalld
firewall-cmd -q --permanent --new-zone=lab
firewall-cmd -q --reload
firewall-cmd -q --permanent --zone=public --add-service=http
firewall-cmd -q --permanent --zone=public --add-port=8000-8010/tcp
firewall-cmd -q --permanent --zone=public --add-rich-rule='rule service name="ntp" accept'
firewall-cmd -q --permanent --zone=lab --add-source=10.9.0.0/24
firewall-cmd -q --permanent --zone=lab --add-interface=eth7
firewall-cmd -q --reload
firewall-cmd -q --zone=public --add-port=9090/tcp
firewall-cmd -q --permanent --zone=public --add-service=telnet
firewall-cmd -q --permanent --new-zone=later
"""


@pytest.fixture(scope="module")
def box(boot: Any) -> Machine:
    machine: Machine = boot("node1", capabilities=("net-admin",))["node1"]
    prepare(machine, RULES)
    return machine


@pytest.mark.parametrize(
    "data",
    [
        {"firewall": "public", "services": ["http", "ssh"], "ports": ["8005/tcp", "8001-8002/tcp"], "default": True},
        {"firewall": "default", "services": ["http"], "ports": ["80/tcp", "22/tcp"]},
        {"firewall": "public", "services": ["ntp"], "ports": ["123/udp"], "lacks_ports": ["123/tcp"]},
        {"firewall": "public", "ports": ["9090/tcp"], "permanent": False},
        {"firewall": "public", "services": ["telnet"], "runtime": False},
        {"firewall": "public", "lacks_services": ["ftp"], "lacks_ports": ["21/tcp", "8000-8011/tcp"]},
        {"firewall": "lab", "sources": ["10.9.0.0/24"], "interfaces": ["eth7"], "default": False},
        {"firewall": "later", "runtime": False},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"firewall": "public", "services": ["telnet"]},
            ["public (runtime): services: expected telnet, found dhcpv6-client, http, ntp, ssh"],
        ),
        (
            {"firewall": "public", "ports": ["9090/tcp"]},
            ["public (permanent): ports: expected 9090/tcp, found 8000-8010/tcp"],
        ),
        (
            {"firewall": "public", "lacks_ports": ["80/tcp"], "lacks_services": ["ssh"], "permanent": False},
            [
                (
                    "public (runtime): services: expected no ssh, "
                    "found dhcpv6-client, http, ntp, ssh, 8000-8010/tcp, 9090/tcp"
                ),
                (
                    "public (runtime): ports: expected no 80/tcp, "
                    "found dhcpv6-client, http, ntp, ssh, 8000-8010/tcp, 9090/tcp"
                ),
            ],
        ),
        (
            {"firewall": "trusted", "lacks_ports": ["80/tcp"], "runtime": False},
            ["trusted (permanent): ports: expected no 80/tcp, found target ACCEPT"],
        ),
        (
            {"firewall": "lab", "sources": ["10.9.0.0/16"], "interfaces": ["eth8"], "permanent": False},
            [
                "lab (runtime): sources: expected 10.9.0.0/16, found 10.9.0.0/24",
                "lab (runtime): interfaces: expected eth8, found eth7",
            ],
        ),
        (
            {"firewall": "lab", "default": True},
            ["lab: default zone: expected yes, found the default zone is public"],
        ),
        ({"firewall": "later"}, ["later (runtime): expected a zone of that name, found none"]),
        (
            {"firewall": "nosuch"},
            [
                "nosuch (runtime): expected a zone of that name, found none",
                "nosuch (permanent): expected a zone of that name, found none",
            ],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(box: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(box, data) == expected


def test_a_firewall_that_does_not_run_lacks_nothing(box: Machine) -> None:
    prepare(box, "systemctl stop firewalld")
    found = reasons(box, {"firewall": "public", "lacks_services": ["ftp"]})
    prepare(box, "systemctl start firewalld")
    assert found == ["firewalld: expected running, found not running"]


def test_a_missing_tool_is_a_failure(box: Machine) -> None:
    prepare(box, "mv /usr/bin/busctl /usr/bin/busctl.away")
    (expected,) = reasons(box, {"firewall": "public", "lacks_services": ["ftp"]})
    prepare(box, "mv /usr/bin/busctl.away /usr/bin/busctl")
    assert expected.startswith("firewalld: expected an answer from firewalld, found ")
    assert expected.endswith("not found")


def test_sentence_and_names() -> None:
    data = expectation({"firewall": "work", "services": ["http"], "ports": ["81/tcp"], "lacks_services": ["ftp"]})
    assert data.sentence() == "Zone work lets in http, 81/tcp, does not let in ftp"
    assert list(data.names()) == ["work", "http", "ftp", "81"]
