"""Kind `sudo` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

RULES = """
for name in kim lea max; do useradd -m $name; done
printf 'lea:s3cret\nkim:k1m\n' | chpasswd
cat > /etc/sudoers.d/test <<'END'
kim ALL=(root) NOPASSWD: /usr/bin/id, /usr/bin/systemctl restart cron
kim ALL=(root) /usr/bin/head
kim ALL=(lea) NOPASSWD: /usr/bin/touch
lea ALL=(ALL) ALL
END
chmod 440 /etc/sudoers.d/test
"""


@pytest.fixture(scope="module")
def rules(node1: Machine) -> Machine:
    prepare(node1, RULES)
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"sudo": "kim", "may": ["/usr/bin/id", "id -u"], "may_not": ["/usr/bin/systemctl restart ssh", "ALL"]},
        {"sudo": "kim", "may": ["systemctl restart cron"], "password": False},
        {"sudo": "kim", "may": ["head /etc/shadow"], "password": True},
        {"sudo": "kim", "may": ["/usr/bin/touch /home/lea/x"], "as": "lea", "password": False},
        {"sudo": "lea", "may": ["ALL"], "password": True, "password_is": "s3cret"},
        {"sudo": "max", "may_not": ["/usr/bin/id"]},
        {"sudo": "max", "valid": True},
        {"sudo": "kim", "may_not": ["/usr/bin/systemctl restart ssh"], "password_is": "k1m"},
    ],
)
def test_a_true_expectation_has_no_reasons(rules: Machine, data: dict[str, Any]) -> None:
    assert reasons(rules, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"sudo": "zoe", "may_not": ["/usr/bin/id"]}, ["zoe: expected an account, found none"]),
        ({"sudo": "max", "may_not": ["id"], "as": "zoe"}, ["zoe: expected an account, found none"]),
        ({"sudo": "max", "may": ["/usr/bin/id"]}, ["max: `sudo /usr/bin/id`: expected to be allowed, found a refusal"]),
        (
            {"sudo": "kim", "may": ["/usr/bin/touch"], "may_not": ["id"]},
            [
                "kim: `sudo /usr/bin/touch`: expected to be allowed, found a refusal",
                "kim: `sudo id`: expected a refusal, found it allowed",
            ],
        ),
        (
            {"sudo": "kim", "may": ["id"], "as": "lea"},
            ["kim: `sudo -u lea id`: expected to be allowed, found a refusal"],
        ),
        ({"sudo": "lea", "may_not": ["ALL"]}, ["lea: `sudo ALL`: expected a refusal, found it allowed"]),
        ({"sudo": "kim", "may": ["ALL"]}, ["kim: `sudo ALL`: expected to be allowed, found a refusal"]),
        (
            {"sudo": "kim", "may": ["id", "head"], "password": True},
            ["kim: `sudo id`: expected a password to be asked for, found none"],
        ),
        (
            {"sudo": "kim", "may": ["id", "head"], "password": False},
            ["kim: `sudo head`: expected no password to be asked for, found one"],
        ),
        (
            {"sudo": "lea", "may": ["id"], "password_is": "wrong"},
            ["lea: `sudo id`: expected the password asked for to be accepted, found it refused"],
        ),
        (
            {"sudo": "max", "may_not": ["/opt/absent"]},
            [
                (
                    "max: `sudo /opt/absent`: expected an answer from `sudo -l`, "
                    "found sudo: /opt/absent: command not found"
                )
            ],
        ),
        ({"sudo": "max", "valid": False}, ["sudo's files: expected a mistake, found none"]),
    ],
)
def test_a_false_expectation_has_these_reasons(rules: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(rules, data) == expected


def test_trying_runs_nothing(rules: Machine) -> None:
    item = {"sudo": "kim", "may": ["/usr/bin/touch /home/lea/tried"], "as": "lea", "password": False}
    assert reasons(rules, item) == []
    assert reasons(rules, {"file": "/home/lea/tried", "exists": False}) == []


WRAPPER = """
mv /usr/bin/sudo /usr/bin/sudo.real
cat > /usr/bin/sudo <<'END'
#!/bin/sh
case "$*" in {pattern}) {answer} ;; esac
exec /usr/bin/sudo.real "$@"
END
chmod 755 /usr/bin/sudo
"""


def wrapped(machine: Machine, pattern: str, answer: str, data: dict[str, Any]) -> list[str]:
    """What is said while sudo answers otherwise to some arguments."""
    prepare(machine, WRAPPER.replace("{pattern}", pattern).replace("{answer}", answer))
    try:
        return reasons(machine, data)
    finally:
        prepare(machine, "mv /usr/bin/sudo.real /usr/bin/sudo")


def test_an_account_that_sudo_refuses_when_it_tries_may_not(rules: Machine) -> None:
    """Its list of rights is as before, and it cannot use one of them."""
    locked = "echo 'sudo: account validation failure, is your account locked?' >&2; exit 1"
    assert wrapped(rules, '*"-T 1"*', locked, {"sudo": "kim", "may": ["id"]}) == [
        "kim: `sudo id`: expected to be allowed, found a refusal"
    ]


@pytest.mark.parametrize("asked", [{"may_not": ["id"]}, {"may_not": ["head /x"], "password_is": "k1m"}])
def test_a_command_to_be_refused_is_also_tried(rules: Machine, asked: dict[str, Any]) -> None:
    (command,) = asked["may_not"]
    assert wrapped(rules, '"-n -l -U kim -u"*', "exit 1", {"sudo": "kim", **asked}) == [
        f"kim: `sudo {command}`: expected a refusal, found it allowed"
    ]


def test_no_try_is_made_if_it_would_run_the_command(rules: Machine) -> None:
    prepare(rules, "echo 'Defaults user_command_timeouts' > /etc/sudoers.d/limits; chmod 440 /etc/sudoers.d/limits")
    try:
        assert reasons(rules, {"sudo": "kim", "may": ["id"], "password": False}) == [
            "kim: `sudo id`: expected an answer from `sudo without user_command_timeouts`, found exit status 0"
        ]
    finally:
        prepare(rules, "rm /etc/sudoers.d/limits")


def test_mistakes_in_sudoers_files_are_reported(rules: Machine) -> None:
    prepare(rules, "echo 'max ALL=NOPASWD: ALL' > /etc/sudoers.d/wrong; chmod 440 /etc/sudoers.d/wrong")
    try:
        (reason,) = reasons(rules, {"sudo": "kim", "valid": True, "may": ["id"]})
        assert reason.startswith("sudo's files: expected no mistake, found `/etc/sudoers.d/wrong:1:")
    finally:
        prepare(rules, "rm /etc/sudoers.d/wrong")


def test_a_missing_sudo_is_no_refusal(rules: Machine) -> None:
    prepare(rules, "mv /usr/bin/sudo /usr/bin/sudo.away")
    try:
        assert reasons(rules, {"sudo": "max", "may_not": ["/usr/bin/id"]}) == [
            "max: `sudo /usr/bin/id`: expected an answer from `sudo -l`, found no such command"
        ]
    finally:
        prepare(rules, "mv /usr/bin/sudo.away /usr/bin/sudo")


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        (
            {"sudo": "kim", "may": ["/usr/bin/id"], "may_not": ["head /x"], "as": "lea", "password": False},
            "kim may run `/usr/bin/id` and may not run `head /x` with sudo as lea, without a password",
            ["kim", "id", "head", "lea"],
        ),
        ({"sudo": "kim", "valid": True}, "sudo's files are free of mistakes", ["kim"]),
    ],
)
def test_sentence_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    assert (expectation(data).sentence(), list(expectation(data).names())) == (sentence, names)
