"""Probes from one machine to another: each is asked from the machine that the expectation is `on`."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

SERVER = """
useradd -m -s /bin/bash dora && echo dora:pw-dora | chpasswd
printf 'PasswordAuthentication yes\\n' >/etc/ssh/sshd_config.d/10-test.conf && systemctl restart ssh
mkdir -p /srv/www && echo hello >/srv/www/index.html
systemd-run -q -u web -p WorkingDirectory=/srv/www python3 -m http.server 8080
systemd-run -q -u inside -p WorkingDirectory=/srv/www python3 -m http.server 8081 --bind 127.0.0.1
for _ in $(seq 50); do ss -Hltn | grep -c ':808[01] ' | grep -qx 2 && break; sleep 0.1; done
"""


@pytest.fixture(scope="module")
def client(boot: Any) -> Machine:
    """node2; the servers run on node1."""
    machines: dict[str, Machine] = boot("node1", "node2")
    prepare(machines["node1"], SERVER)
    return machines["node2"]


@pytest.mark.parametrize(
    "data",
    [
        {"http": "http://node1:8080/", "body": "hello"},
        {"http": "http://node1:8081/", "reachable": False},
        {"connects": "node1:22"},
        {"connects": "node1:8081", "reachable": False},
        {"ssh": "dora@node1", "method": "password", "password": "pw-dora", "command": "uname -n", "output": "node1"},
        {"ssh": "dora@node1", "allowed": False},
    ],
)
def test_a_neighbour_is_asked_over_the_network(client: Machine, data: dict[str, Any]) -> None:
    assert reasons(client, data) == []


def test_a_server_for_itself_alone_is_told_apart(client: Machine) -> None:
    assert reasons(client, {"connects": "node1:8081"}) == [
        "node1:8081: expected a connection, found connection refused"
    ]
