"""Kind `command` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines


@pytest.fixture(scope="module")
def machine(node1: Machine) -> Machine:
    prepare(node1, "useradd -m sam; echo 'umask 027; export MOOD=good' >> /home/sam/.profile")
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"command": "echo ' a  b '; printf 100%%", "stdout": "a  b \n100%"},
        {"command": "printf 'a\\nb\\n'", "matches": ["^b$"], "lacks": ["c"]},
        {"command": "umask; echo $MOOD", "user": "sam", "matches": ["^0027$", "good"]},
        {"command": "cat /etc/shadow", "user": "sam", "exit": None},
        {"command": "exit 3", "exit": 3},
    ],
)
def test_a_true_expectation_has_no_reasons(machine: Machine, data: dict[str, Any]) -> None:
    assert reasons(machine, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"command": "echo no >&2; false"},
            ["`echo no >&2; false`: exit status: expected 0, found 1 (`no`)"],
        ),
        ({"command": "true", "exit": None}, ["`true`: exit status: expected any but 0, found 0"]),
        (
            {"command": "nosuch", "exit": None},
            [
                (
                    "`nosuch`: exit status: expected any but 0, "
                    "found 127 (`/usr/lib/rung/bash: line 1: nosuch: command not found`)"
                )
            ],
        ),
        ({"command": "false", "user": "zoe", "exit": 1}, ["zoe: expected an account, found none"]),
        (
            {"command": "echo a", "stdout": "b", "matches": ["^b"], "lacks": ["a"], "user": "sam"},
            [
                "`echo a` as sam: output: expected `b`, found `a`",
                "`echo a` as sam: output: expected a line that matches `^b`, found `a`",
                "`echo a` as sam: output: expected no line that matches `a`, found `a`",
            ],
        ),
        (
            {"command": "sleep 9", "timeout": 1},
            ["`sleep 9`: expected an end within 1 s, found it still running"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(machine: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(machine, data) == expected


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        ({"command": "true", "user": "sam"}, "`true` as sam succeeds", ["sam"]),
        ({"command": "true", "exit": None}, "`true` fails", []),
        (
            {"command": "true", "exit": 2, "stdout": ""},
            "`true` ends with status 2, with the output asked for",
            [],
        ),
    ],
)
def test_sentence_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    assert (expectation(data).sentence(), list(expectation(data).names())) == (sentence, names)


def test_a_wrapper_in_usr_local_stands_before_no_program_and_scripts_there_are_found(machine: Machine) -> None:
    wrapper = "printf '#!/bin/sh\\necho lie\\n' > /usr/local/bin/{0}; chmod 755 /usr/local/bin/{0}"
    prepare(machine, wrapper.format("id") + "; " + wrapper.format("report"))
    try:
        assert reasons(machine, {"command": "id -un", "stdout": "root"}) == []
        assert reasons(machine, {"command": "report", "stdout": "lie"}) == []
    finally:
        prepare(machine, "rm /usr/local/bin/id /usr/local/bin/report")
