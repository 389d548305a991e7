"""Kind `password` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, facts, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

PEOPLE = """
for name in una dora otto nell emil; do useradd $name; done
printf 'una:s3cret: x\\ndora:other\\notto:s3cret\\nemil:s3cret\\n' | chpasswd
chage -M 60 -m 7 -W 14 -I 30 -E 2031-12-24 una
usermod -L otto; passwd -d nell >/dev/null; chage -d 0 dora
chage -d 2020-01-01 -M 90 emil
"""


@pytest.fixture(scope="module")
def people(node1: Machine) -> Machine:
    prepare(node1, PEOPLE)
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"password": "una", "is": "s3cret: x", "locked": False, "must_change": False},
        {"password": "una", "max_days": 60, "min_days": 7, "warn_days": 14, "inactive_days": 30},
        {"password": "una", "expires": "2031-12-24"},
        {"password": "dora", "expires": "never", "inactive_days": -1, "must_change": True},
        {"password": "emil", "must_change": True},
        {"password": "otto", "locked": True},
    ],
)
def test_a_true_expectation_has_no_reasons(people: Machine, data: dict[str, Any]) -> None:
    assert reasons(people, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"password": "zoe", "locked": True}, ["zoe: expected an account, found none"]),
        ({"password": "una", "is": "s3cret"}, ["una: password: expected the one asked for, found another"]),
        ({"password": "otto", "is": "s3cret"}, ["otto: password: expected the one asked for, found a locked one"]),
        ({"password": "nell", "is": "s3cret"}, ["nell: password: expected the one asked for, found none"]),
        ({"password": "una", "locked": True}, ["una: password: expected locked, found unlocked"]),
        ({"password": "otto", "locked": False}, ["otto: password: expected unlocked, found locked"]),
        (
            {"password": "una", "max_days": 6, "min_days": 1, "warn_days": 7, "inactive_days": -1},
            [
                "una: most days: expected 6, found 60",
                "una: fewest days: expected 1, found 7",
                "una: days of warning: expected 7, found 14",
                "una: days until disabled: expected never, found 30",
            ],
        ),
        (
            {"password": "una", "expires": "2031-12-25"},
            ["una: account expires: expected 2031-12-25, found 2031-12-24"],
        ),
        (
            {"password": "dora", "expires": "2031-12-25"},
            ["dora: account expires: expected 2031-12-25, found never"],
        ),
        (
            {"password": "una", "must_change": True},
            ["una: password: expected to be changed at the next login, found to be valid as it is"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(people: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(people, data) == expected


def test_a_password_is_tried_without_perl(people: Machine) -> None:
    prepare(people, "mv /usr/bin/perl /usr/bin/perl.away")
    try:
        assert reasons(people, {"password": "una", "is": "s3cret: x"}) == []
        assert reasons(people, {"password": "una", "is": "no"}) == [
            "una: password: expected the one asked for, found another"
        ]
    finally:
        prepare(people, "mv /usr/bin/perl.away /usr/bin/perl")


def test_identity_is_a_digest_of_the_hash(people: Machine) -> None:
    before = facts(people, {"password": "una"})
    assert facts(people, {"password": "una"}) == before
    assert facts(people, {"password": "dora"}) != before
    assert facts(people, {"password": "zoe"}) == {"hash": "none"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            {"password": "ann", "is": "x", "max_days": 60, "expires": "never"},
            "The account ann has the password asked for, must change it after 60 days, expires never",
        ),
        ({"password": "ann", "locked": True}, "The account ann has a locked password"),
        (
            {"password": "ann", "warn_days": 1, "inactive_days": -1, "expires": "2031-01-01"},
            "The account ann is warned 1 day before, is never disabled after its end, expires on 2031-01-01",
        ),
    ],
)
def test_sentence(data: dict[str, Any], sentence: str) -> None:
    assert expectation(data).sentence() == sentence
