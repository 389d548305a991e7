"""Kinds `port`, `http` and `connects` on a machine; a negative probe passes only where the client works."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

SERVERS = """
mkdir -p /srv/www && echo 'hello there' >/srv/www/index.html
systemd-run -q -u web -p WorkingDirectory=/srv/www python3 -m http.server 8080 --bind 127.0.0.1
systemd-run -q -u both -p WorkingDirectory=/srv/www python3 -m http.server 8081
systemd-run -q -u mute /usr/lib/rung/busybox nc -ll -p 8082 -e /usr/lib/rung/busybox sleep 60
systemd-run -q -u talk python3 -c 'import socket,time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 5300)); time.sleep(9999)'
for port in 8080 8081 8082; do
  for _ in $(seq 50); do ss -Hltn | grep -q ":$port " && break; sleep 0.1; done
done
"""


@pytest.fixture(scope="module")
def box(node1: Machine) -> Machine:
    prepare(node1, SERVERS)
    return node1


@pytest.mark.machines
@pytest.mark.parametrize(
    "data",
    [
        {"port": 8080, "address": "127.0.0.1", "process": "python3"},
        {"port": 8081, "address": "0.0.0.0"},
        {"port": 5300, "protocol": "udp"},
        {"port": 5300, "listening": False},
        {"port": 9999, "listening": False},
        {"http": "http://127.0.0.1:8080/", "body": "hello there", "matches": ["^hello"]},
        {"http": "http://127.0.0.1:8080/nosuch", "status": 404},
        {"http": "http://127.0.0.1:9999/", "reachable": False},
        {"connects": "127.0.0.1:8080"},
        {"connects": "127.0.0.1:9999", "reachable": False},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


WEB = "http://127.0.0.1:8080/"
LOST = "http://nosuch.invalid:8080/"


@pytest.mark.machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"port": 8081, "address": "127.0.0.1", "process": "nginx"},
            [
                "8081/tcp: address: expected 127.0.0.1, found 0.0.0.0",
                "8081/tcp: process: expected nginx, found python3",
            ],
        ),
        ({"port": 8080, "address": "0.0.0.0"}, ["8080/tcp: address: expected 0.0.0.0, found 127.0.0.1"]),
        ({"port": 8080, "listening": False}, ["8080/tcp: expected nobody listening, found python3 at 127.0.0.1"]),
        ({"port": 8080, "protocol": "udp"}, ["8080/udp: expected something listening, found nothing"]),
        (
            {"http": WEB, "status": 403, "body": "bye", "matches": ["^bye"]},
            [
                f"{WEB}: status: expected 403, found 200",
                f"{WEB}: body: expected `bye`, found `hello there`",
                f"{WEB}: body: expected a match of `^bye`, found `hello there`",
            ],
        ),
        ({"http": WEB, "reachable": False}, [f"{WEB}: expected no connection, found an answer with status 200"]),
        (
            {"http": "http://127.0.0.1:9999/"},
            ["http://127.0.0.1:9999/: expected an answer with status 200, found no connection"],
        ),
        (
            {"http": LOST, "reachable": False},
            [f"{LOST}: expected an answer from `curl`, found curl: (6) Could not resolve host: nosuch.invalid"],
        ),
        ({"connects": "127.0.0.1:9999"}, ["127.0.0.1:9999: expected a connection, found connection refused"]),
        (
            {"connects": "127.0.0.1:8080", "reachable": False},
            ["127.0.0.1:8080: expected no connection, found a connection"],
        ),
        (
            {"connects": "nosuch.invalid:80", "reachable": False},
            ["nosuch.invalid:80: expected no connection, found no address for nosuch.invalid"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(box: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(box, data) == expected


@pytest.mark.machines
def test_a_server_that_accepts_and_never_answers_is_reachable_but_no_answer(box: Machine) -> None:
    url = "http://127.0.0.1:8082/"
    assert reasons(box, {"http": url}) == [f"{url}: expected an answer with status 200, found no answer within 3 s"]
    assert reasons(box, {"http": url, "reachable": False}) == [f"{url}: expected no connection, found a connection"]


@pytest.mark.machines
@pytest.mark.parametrize(
    ("tool", "data", "expected"),
    [
        ("ss", {"port": 9999, "listening": False}, "9999/tcp: expected an answer from `ss`, found no such command"),
        (
            "curl",
            {"http": "http://127.0.0.1:9999/", "reachable": False},
            "http://127.0.0.1:9999/: expected an answer from `curl`, found no such command",
        ),
    ],
)
def test_a_missing_tool_is_a_failure(box: Machine, tool: str, data: dict[str, Any], expected: str) -> None:
    path = box.text("command -v %s", tool)
    prepare(box, f"mv {path} {path}.away")
    found = reasons(box, data)
    prepare(box, f"mv {path}.away {path}")
    assert found == [expected]


def test_sentences_and_names() -> None:
    port = expectation({"port": 80, "process": "nginx", "address": "0.0.0.0"})
    assert port.sentence() == "nginx listens on port 80/tcp of 0.0.0.0"
    assert list(port.names()) == ["80", "nginx"]
    http = expectation({"http": "http://node2:8080/status"})
    assert http.sentence() == "http://node2:8080/status answers with 200"
    assert list(http.names()) == ["node2", "8080", "status"]
    connects = expectation({"connects": "node2:25", "reachable": False})
    assert connects.sentence() == "node2:25 cannot be reached"
    assert list(connects.names()) == ["node2", "25"]
