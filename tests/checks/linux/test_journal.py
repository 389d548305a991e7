"""Kinds `journal` and `selinux` on a machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

ENTRIES = """
logger -t backup 'backup 17 done'
systemd-run -q --wait -u talker sh -c 'echo first; echo "disk full"'
journalctl --sync
"""


@pytest.fixture(scope="module")
def box(node1: Machine) -> Machine:
    prepare(node1, ENTRIES)
    return node1


@pytest.mark.machines
@pytest.mark.parametrize(
    "data",
    [
        {"journal": "*", "matches": [r"backup \d+ done$", "^disk full"]},
        {"journal": "*", "identifier": "backup", "matches": ["done"], "lacks": ["disk full"]},
        {"journal": "talker", "matches": ["^disk full$"], "lacks": ["backup"]},
        {"journal": "nosuch", "lacks": ["anything"]},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


@pytest.mark.machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"journal": "*", "identifier": "backup", "matches": ["failed"], "lacks": ["17"]},
            [
                "journal of backup: expected a message that matches `failed`, found none of 1",
                "journal of backup: expected no message that matches `17`, found `backup 17 done`",
            ],
        ),
        (
            {"journal": "nosuch", "matches": ["x"]},
            ["journal of nosuch: expected a message that matches `x`, found none of 0"],
        ),
        ({"selinux": "enforcing"}, ["selinux: expected enforcing, found no SELinux on this machine"]),
    ],
)
def test_a_false_expectation_has_these_reasons(box: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(box, data) == expected


@pytest.mark.machines
def test_the_journal_is_persistent_if_journald_writes_it_to_disk(box: Machine) -> None:
    folder = "/etc/systemd/journald.conf.d"
    drop_in = f"mkdir -p {folder} && printf '[Journal]\\nStorage=%s\\n' {{}} >{folder}/a.conf"
    restart = "systemctl restart systemd-journald && logger started && sleep 0.3"
    prepare(box, f"{drop_in.format('persistent')} && {restart} && journalctl --flush")
    assert reasons(box, {"journal": "*", "persistent": True}) == []
    (expected,) = reasons(box, {"journal": "*", "persistent": False})
    assert expected.startswith("journal: persistent: expected no, found yes (/var/log/journal/")
    prepare(box, f"{drop_in.format('volatile')} && {restart}")
    assert reasons(box, {"journal": "*", "persistent": False}) == []
    (expected,) = reasons(box, {"journal": "*", "persistent": True})
    assert expected.startswith("journal: persistent: expected yes, found no (/run/log/journal/")


@pytest.mark.machines
def test_a_missing_tool_is_a_failure(box: Machine) -> None:
    prepare(box, "mv /usr/bin/journalctl /usr/bin/journalctl.away")
    found = reasons(box, {"journal": "*", "lacks": ["x"]})
    prepare(box, "mv /usr/bin/journalctl.away /usr/bin/journalctl")
    assert found == ["journal: expected an answer from `journalctl`, found no such command"]


def test_sentences_and_names() -> None:
    data = expectation({"journal": "web.service", "matches": ["up"], "persistent": True})
    assert data.sentence() == "The journal of web.service has a message that matches `up`, is kept on disk"
    assert list(data.names()) == ["web"]
    assert expectation({"selinux": "permissive"}).sentence() == "SELinux is permissive"
