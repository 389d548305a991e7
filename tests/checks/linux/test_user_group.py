"""Kinds `user` and `group` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, facts, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

PEOPLE = """
groupadd -g 3001 ops; groupadd -g 3002 staff2; groupadd -g 3003 ghosts
useradd -u 2001 -g ops -G staff2 -m -d /srv/ann -s /sbin/nologin -c 'Ann Lee,,,' ann
useradd -u 2002 -U -s /bin/bash ben
sed -i 's/^ghosts:.*/ghosts:x:3003:ben,phantom/' /etc/group
"""


@pytest.fixture(scope="module")
def people(node1: Machine) -> Machine:
    prepare(node1, PEOPLE)
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"user": "ann"},
        {"user": "ann", "uid": 2001, "gid": 3001, "group": "ops", "groups": ["staff2", "ops"]},
        {"user": "ann", "not_groups": ["ghosts"], "home": "/srv/ann/", "comment": "Ann Lee"},
        {"user": "ann", "shell": "nologin"},
        {"user": "ann", "shell": "/usr/sbin/nologin"},
        {"user": "zoe", "exists": False},
        {"user": "2001", "exists": False},
        {"group": "ops", "gid": 3001, "members": ["ann"], "not_members": ["ben", "zoe"]},
        {"group": "staff2", "members": ["ann"]},
        {"group": "nobodies", "exists": False},
    ],
)
def test_a_true_expectation_has_no_reasons(people: Machine, data: dict[str, Any]) -> None:
    assert reasons(people, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"user": "zoe", "uid": 5}, ["zoe: expected an account, found none"]),
        ({"user": "ben", "exists": False}, ["ben: expected no account, found one with uid 2002"]),
        (
            {"user": "ann", "uid": 2005, "gid": 1, "group": "ben"},
            [
                "ann: uid: expected 2005, found 2001",
                "ann: gid: expected 1, found 3001",
                "ann: primary group: expected ben, found ops",
            ],
        ),
        (
            {"user": "ann", "groups": ["ops", "ghosts"]},
            ["ann: groups: expected to include ghosts, found ops, staff2"],
        ),
        (
            {"user": "ann", "not_groups": ["staff2"]},
            ["ann: groups: expected not to include staff2, found ops, staff2"],
        ),
        ({"user": "ann", "home": "/home/ann"}, ["ann: home: expected /home/ann, found /srv/ann"]),
        ({"user": "ann", "shell": "/bin/bash"}, ["ann: shell: expected /bin/bash, found /sbin/nologin"]),
        ({"user": "ben", "shell": "nologin"}, ["ben: shell: expected nologin, found /bin/bash"]),
        ({"user": "ben", "comment": "Ben"}, ["ben: comment: expected Ben, found nothing"]),
        ({"group": "nobodies", "gid": 1}, ["nobodies: expected a group, found none"]),
        ({"group": "ops", "exists": False}, ["ops: expected no group, found one with gid 3001"]),
        ({"group": "ops", "gid": 1}, ["ops: gid: expected 1, found 3001"]),
        (
            {"group": "ghosts", "members": ["ann", "phantom"], "not_members": ["ben"]},
            [
                "ghosts: members: expected to include ann, phantom, found ben",
                "ghosts: members: expected not to include ben, found ben",
            ],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(people: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(people, data) == expected


def test_a_missing_getent_is_no_missing_account(people: Machine) -> None:
    prepare(people, "mv /usr/bin/getent /usr/bin/getent.away")
    try:
        assert reasons(people, {"user": "zoe", "exists": False}) == [
            "zoe: expected an answer from `getent and id`, found no such command"
        ]
    finally:
        prepare(people, "mv /usr/bin/getent.away /usr/bin/getent")


def test_identity_is_the_number(people: Machine) -> None:
    assert facts(people, {"user": "ann"}) == {"uid": "2001"}
    assert facts(people, {"user": "zoe"}) == {"uid": "none"}
    assert facts(people, {"group": "ops"}) == {"gid": "3001"}


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        (
            {"user": "ann", "uid": 7, "group": "ops", "groups": ["a", "b"], "shell": "/bin/zsh"},
            "The account ann exists, with uid 7, with the primary group ops, in a, b, with the shell /bin/zsh",
            ["ann", "a", "b", "7", "ops", "zsh"],
        ),
        ({"user": "ann", "exists": False}, "There is no account ann", ["ann"]),
        (
            {"group": "ops", "gid": 9, "members": ["ann"], "not_members": ["ben"]},
            "The group ops exists, with gid 9, with ann in it, without ben",
            ["ops", "ann", "ben", "9"],
        ),
        ({"group": "ops", "exists": False}, "There is no group ops", ["ops"]),
    ],
)
def test_sentence_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    assert (expectation(data).sentence(), list(expectation(data).names())) == (sentence, names)
