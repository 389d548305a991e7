"""Kind `service` on a machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, facts, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

UNITS = """
put() { cat >/etc/systemd/system/$1.service; }
put steady <<'E'
[Service]
ExecStart=/bin/sleep infinity
User=nobody
Nice=5
MemoryMax=64M
RestartSec=90
[Install]
WantedBy=multi-user.target
E
put crashing <<'E'
[Unit]
StartLimitIntervalSec=0
[Service]
ExecStart=/bin/sh -c 'exit 1'
Restart=always
RestartSec=50ms
E
put once <<'E'
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
E
systemctl daemon-reload
systemctl enable --now steady
systemctl start once
systemctl start crashing || true
systemctl mask hidden
sleep 1
"""


@pytest.fixture(scope="module")
def box(node1: Machine) -> Machine:
    prepare(node1, UNITS)
    return node1


@pytest.mark.parametrize(
    ("unit", "options"),
    [
        ("steady", {"running": True, "enabled": True, "masked": False, "user": "nobody", "restarts_max": 0}),
        ("steady.service", {"settled": 1, "properties": {"Nice": 5, "MemoryMax": "64M", "RestartUSec": "90s"}}),
        ("once", {"running": True, "enabled": False}),
        ("crashing", {"enabled": False}),
        ("hidden", {"masked": True, "running": False, "enabled": False}),
        ("basic.target", {"running": True}),
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, unit: str, options: dict[str, Any]) -> None:
    assert reasons(box, {"service": unit, **options}) == []


@pytest.mark.parametrize(
    ("unit", "options", "expected"),
    [
        ("once", {"running": False}, ["once.service: running: expected no, found active (exited)"]),
        ("steady", {"enabled": False}, ["steady.service: enabled: expected no, found enabled"]),
        ("once", {"enabled": True}, ["once.service: enabled: expected yes, found static"]),
        ("steady", {"masked": True}, ["steady.service: masked: expected yes, found enabled"]),
        ("hidden", {"masked": False}, ["hidden.service: masked: expected no, found masked"]),
        ("hidden", {"running": True}, ["hidden.service: running: expected yes, found inactive (dead)"]),
        ("steady", {"user": "root"}, ["steady.service: user: expected root, found nobody"]),
        ("once", {"user": "root"}, ["once.service: user: expected root, found no main process"]),
        ("hidden", {"settled": 1}, ["hidden.service: settled: expected active for 1 s, found inactive (dead)"]),
        (
            "steady",
            {"properties": {"Nice": 6, "MemoryMax": "128M", "Nonsense": 1, "GuessMainPID": False}},
            [
                "steady.service: Nice: expected 6, found 5",
                "steady.service: MemoryMax: expected 128M, found 67108864",
                "steady.service: Nonsense: expected 1, found no such property",
                "steady.service: GuessMainPID: expected no, found yes",
            ],
        ),
        ("nosuch", {"running": False, "enabled": True}, ["nosuch.service: expected a unit of that name, found none"]),
    ],
)
def test_a_false_expectation_has_these_reasons(
    box: Machine, unit: str, options: dict[str, Any], expected: list[str]
) -> None:
    assert reasons(box, {"service": unit, **options}) == expected


def test_a_service_that_crashes_again_and_again_is_not_settled(box: Machine) -> None:
    (restarts,) = reasons(box, {"service": "crashing", "restarts_max": 2})
    assert restarts.startswith("crashing.service: restarts: expected at most 2, found ")
    assert len(reasons(box, {"service": "crashing", "settled": 60, "running": False})) == 2


def test_a_service_that_just_started_is_not_settled(box: Machine) -> None:
    (reason,) = reasons(box, {"service": "steady", "settled": 3600})
    assert reason.startswith("steady.service: settled: expected active for 3600 s, found ")


def test_facts_differ_only_after_a_restart(box: Machine) -> None:
    before = facts(box, {"service": "steady"})
    assert facts(box, {"service": "steady"}) == before
    box.run("systemctl restart steady")
    assert facts(box, {"service": "steady"})["pid"] != before["pid"]
    assert facts(box, {"service": "nosuch"}) == {"started": "none", "pid": "none"}


def test_sentence_and_names() -> None:
    data = expectation({"service": "web.service", "running": True, "enabled": False, "user": "www"})
    assert data.sentence() == "web.service is running, does not start at boot, runs as www"
    assert list(data.names()) == ["web", "www"]
