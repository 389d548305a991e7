"""Kind `process` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, facts, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

PROCESSES = """
useradd tim
for n in 1 2; do (exec setsid nice -n 5 sleep 4000 >/dev/null 2>&1 &); done
(exec setsid runuser -u tim -- sleep 5000 >/dev/null 2>&1 &)
sleep 0.3
"""


@pytest.fixture(scope="module")
def machine(node1: Machine) -> Machine:
    prepare(node1, PROCESSES)
    return node1


def pids(machine: Machine, pattern: str) -> list[str]:
    return machine.run("pgrep -x -f %s", pattern).stdout.split()


@pytest.mark.parametrize(
    "data",
    [
        {"process": "^sleep 4000$", "nice": 5, "user": "root", "count": 2},
        {"process": "^sleep 5000$", "user": "tim", "nice": 0},
        {"process": "^sleep 400$", "running": False},
        {"process": "/rung/", "running": False},
        {"process": r"\bps\b", "running": False},
    ],
)
def test_a_true_expectation_has_no_reasons(machine: Machine, data: dict[str, Any]) -> None:
    assert reasons(machine, data) == []


def test_a_false_expectation_has_these_reasons(machine: Machine) -> None:
    one, two = sorted(pids(machine, "sleep 4000"), key=int)
    assert reasons(machine, {"process": "^sleep 1$"}) == ["process `^sleep 1$`: expected it to run, found none"]
    assert reasons(machine, {"process": "^sleep 4000$", "running": False}) == [
        f"process `^sleep 4000$`: expected none, found {one} (`sleep 4000`), {two} (`sleep 4000`)"
    ]
    assert reasons(machine, {"process": "^sleep 4000$", "count": 1, "user": "tim", "nice": 15}) == [
        "process `^sleep 4000$`: how many: expected 1, " + f"found 2: {one} (`sleep 4000`), {two} (`sleep 4000`)",
        f"process {one} (`sleep 4000`): user: expected tim, found root",
        f"process {one} (`sleep 4000`): nice: expected 15, found 5",
        f"process {two} (`sleep 4000`): user: expected tim, found root",
        f"process {two} (`sleep 4000`): nice: expected 15, found 5",
    ]


def test_a_missing_ps_is_no_missing_process(machine: Machine) -> None:
    prepare(machine, "mv /usr/bin/ps /usr/bin/ps.away")
    try:
        assert reasons(machine, {"process": "^sleep 1$", "running": False}) == [
            "processes: expected an answer from `ps`, found no such command"
        ]
    finally:
        prepare(machine, "mv /usr/bin/ps.away /usr/bin/ps")


def test_identity_is_the_start(machine: Machine) -> None:
    before = facts(machine, {"process": "^sleep 5000$"})
    assert facts(machine, {"process": "^sleep 5000$"}) == before
    (pid,) = pids(machine, "sleep 5000")
    assert before["started"].startswith(f"{pid} at ")
    assert facts(machine, {"process": "^sleep 1$"}) == {"started": "none"}


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        (
            {"process": "^x", "user": "tim", "nice": 3, "count": 2},
            "A process that matches `^x` runs, 2 of them, as tim, at nice 3",
            ["tim"],
        ),
        ({"process": "^x", "running": False}, "No process that matches `^x` runs", []),
    ],
)
def test_sentence_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    assert (expectation(data).sentence(), list(expectation(data).names())) == (sentence, names)
