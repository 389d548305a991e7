"""Kinds `cron` and `at` on a machine."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

JOBS = """
for user in ravi mira nils; do useradd -m $user; done
printf '15 9 * * 1-3 /bin/report a\\n15 9 * * thu,fri /bin/report b\\n* * * * * /bin/old\\n' | crontab -u ravi -
printf '0 6 * * * mira /bin/backup\\n' >/etc/cron.d/backup
printf '0 7 * * * mira /bin/lost' >/etc/cron.d/lost
printf '0 7 * * * mira /bin/named\\n' >/etc/cron.d/named.cron
printf 'mira\\n' >/etc/cron.deny
runuser -u ravi -- sh -c 'cd; echo "/bin/tidy all" | at 17:30 2031-05-04'
runuser -u ravi -- sh -c 'cd; echo "/bin/tidy all" | at 18:30 2031-05-04'
"""


@pytest.fixture(scope="module")
def box(node1: Machine) -> Machine:
    prepare(node1, JOBS)
    return node1


@pytest.mark.machines
@pytest.mark.parametrize(
    "data",
    [
        {"cron": "ravi", "command": "^/bin/report", "schedule": "15 9 * * mon-fri", "count": 2},
        {"cron": "ravi", "command": "/bin/old", "schedule": "*/1 * * * *", "allowed": True},
        {"cron": "mira", "command": "backup", "schedule": "0 6 * * *", "allowed": False},
        {"cron": "mira", "command": "/bin/lost", "exists": False},
        {"cron": "nils", "exists": False},
        {"cron": "ravi", "command": "/bin/old", "schedule": "@daily", "exists": False},
        {"cron": "nils", "count": 0},
        {"cron": "nils", "allowed": True},
        {"at": "ravi", "command": "^/bin/tidy all$", "time": "17:30", "count": 1},
        {"at": "ravi", "time": "2031-05-04 18:30"},
        {"at": "ravi", "count": 2},
        {"at": "ravi", "time": "19:00", "exists": False},
        {"at": "mira", "exists": False},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


SPOOL = "/var/spool/cron/crontabs/ravi"
LOST = "/etc/cron.d/lost: last line: expected a newline at its end, found none, so cron ignores the file"
NAMED = "/etc/cron.d/named.cron: name: expected only letters, digits, _ and - (else cron ignores it), found named.cron"


@pytest.mark.machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"cron": "ravi", "command": "report", "schedule": "15 9 1-5 * *", "count": 1},
            [
                "ravi: schedule: expected 15 9 1-5 * *, found 15 9 * * 1-3; 15 9 * * thu,fri",
                "ravi: number of jobs: expected 1, found 2",
            ],
        ),
        (
            {"cron": "ravi", "command": "/bin/old", "exists": False},
            ["ravi: cron: expected no job whose command matches `/bin/old`, found `* * * * * /bin/old` in " + SPOOL],
        ),
        (
            {"cron": "mira", "command": "/bin/lost"},
            ["mira: cron: expected a job whose command matches `/bin/lost`, found none", LOST],
        ),
        (
            {"cron": "mira", "command": "/bin/named"},
            ["mira: cron: expected a job whose command matches `/bin/named`, found none", NAMED],
        ),
        ({"cron": "nils"}, ["nils: cron: expected a job, found none"]),
        ({"cron": "mira", "allowed": True}, ["mira: crontab allowed: expected yes, found no"]),
        ({"cron": "ravi", "allowed": False}, ["ravi: crontab allowed: expected no, found yes"]),
        ({"at": "mira"}, ["mira: at: expected a waiting job, found none"]),
        (
            {"at": "ravi", "command": "untidy"},
            ["ravi: at: expected a waiting job whose text matches `untidy`, found none"],
        ),
        ({"at": "ravi", "time": "17:31"}, ["ravi: time: expected 17:31, found 2031-05-04 17:30; 2031-05-04 18:30"]),
        ({"at": "ravi", "count": 1}, ["ravi: number of jobs: expected 1, found 2"]),
        (
            {"at": "ravi", "time": "17:30", "exists": False},
            ["ravi: at: expected no waiting job, found one at 2031-05-04 17:30"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(box: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(box, data) == expected


@pytest.mark.machines
def test_a_missing_tool_is_a_failure(box: Machine) -> None:
    (expected,) = reasons(box, {"cron": "nosuch", "exists": False, "allowed": False})
    assert expected.startswith("nosuch: crontab allowed: expected an answer from `crontab -l`, found runuser: ")
    prepare(box, "mv /usr/bin/atq /usr/bin/atq.away")
    (expected,) = reasons(box, {"at": "mira", "exists": False})
    prepare(box, "mv /usr/bin/atq.away /usr/bin/atq")
    assert expected == "mira: at: expected an answer from `atq`, found no such command"


def test_a_schedule_that_cron_does_not_read_is_a_mistake_of_the_lab() -> None:
    with pytest.raises(ValidationError, match="cron does not read its hour"):
        expectation({"cron": "ravi", "schedule": "0 25 * * *"})


def test_sentences() -> None:
    cron = expectation({"cron": "ravi", "command": "x", "schedule": "@daily"})
    assert cron.sentence() == "Cron runs a job whose command matches `x` as ravi at the times `@daily`"
    assert expectation({"cron": "ravi", "exists": False}).sentence() == "Cron has no job of ravi"
    assert expectation({"cron": "ravi", "allowed": True}).sentence() == "ravi may use crontab"
    assert expectation({"cron": "ravi", "allowed": False}).sentence() == "ravi may not use crontab"
    assert expectation({"at": "ravi", "time": "17:30"}).sentence() == "A job of ravi waits in at's queue for 17:30"
