"""Kinds `journal` and `selinux` on a machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine
from rung.checks.linux.tools.journal_messages import parse_messages

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
    "asked",
    [
        {"journal": "*", "matches": [r"backup \d+ done$", "^disk full"]},
        {"journal": "*", "identifier": "backup", "matches": ["done"], "lacks": ["disk full"]},
        {"journal": "talker", "matches": ["^disk full$"], "lacks": ["backup"]},
        {"journal": "nosuch", "lacks": ["anything"]},
    ],
)
def test_what_is_so_holds(box: Machine, asked: dict[str, Any]) -> None:
    assert reasons(box, asked) == []


@pytest.mark.machines
@pytest.mark.parametrize(
    ("asked", "told"),
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
def test_what_is_not_so_is_told(box: Machine, asked: dict[str, Any], told: list[str]) -> None:
    assert reasons(box, asked) == told


@pytest.mark.machines
def test_the_journal_is_kept_where_journald_writes_it_to_disk(box: Machine) -> None:
    folder = "/etc/systemd/journald.conf.d"
    drop_in = f"mkdir -p {folder} && printf '[Journal]\\nStorage=%s\\n' {{}} >{folder}/a.conf"
    restart = "systemctl restart systemd-journald && logger started && sleep 0.3"
    prepare(box, f"{drop_in.format('persistent')} && {restart} && journalctl --flush")
    assert reasons(box, {"journal": "*", "persistent": True}) == []
    (told,) = reasons(box, {"journal": "*", "persistent": False})
    assert told.startswith("journal: persistent: expected no, found yes (/var/log/journal/")
    prepare(box, f"{drop_in.format('volatile')} && {restart}")
    assert reasons(box, {"journal": "*", "persistent": False}) == []
    (told,) = reasons(box, {"journal": "*", "persistent": True})
    assert told.startswith("journal: persistent: expected yes, found no (/run/log/journal/")


@pytest.mark.machines
def test_a_missing_tool_is_never_a_pass(box: Machine) -> None:
    prepare(box, "mv /usr/bin/journalctl /usr/bin/journalctl.away")
    found = reasons(box, {"journal": "*", "lacks": ["x"]})
    prepare(box, "mv /usr/bin/journalctl.away /usr/bin/journalctl")
    assert found == ["journal: expected an answer from `journalctl`, found no such command"]


def test_messages_are_read_as_text_whatever_their_bytes() -> None:
    text = '{"MESSAGE":"plain"}\n{"MESSAGE":[104,105,255]}\n{"MESSAGE":null}\n{}\n'
    assert parse_messages(text) == ["plain", "hi�"]


def test_sentences_and_names_tell_what_is_asked() -> None:
    asked = expectation({"journal": "web.service", "matches": ["up"], "persistent": True})
    assert asked.sentence() == "The journal of web.service has a message that matches `up`, is kept on disk"
    assert list(asked.names()) == ["web"]
    assert expectation({"selinux": "permissive"}).sentence() == "SELinux is permissive"
