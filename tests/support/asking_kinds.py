"""How the tests of kinds ask a machine: an expectation as it stands in lab.yaml, the reasons as answer."""

from __future__ import annotations

from typing import Any

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation
from rung.checks.kinds import load_kinds


def expectation(data: dict[str, Any]) -> Expectation:
    """The expectation that this mapping is in a lab file."""
    kinds = load_kinds()
    (name,) = [key for key in data if key in kinds][:1]
    return kinds[name].model_validate(data)


def reasons(machine: Machine, data: dict[str, Any]) -> list[str]:
    """The reasons why it does not hold on the machine; none where it holds."""
    try:
        return list(expectation(data).reasons(place(machine)))
    except Fail as fail:
        return fail.reasons


def facts(machine: Machine, data: dict[str, Any]) -> dict[str, str]:
    """Its identity facts, as they are now."""
    return expectation(data).facts(place(machine))


def place(machine: Machine) -> CheckContext:
    return CheckContext(machine, {machine.name: machine})


def prepare(machine: Machine, script: str) -> None:
    """Bring the machine into the state that the tests ask about."""
    result = machine.run("set -eu\n" + script, timeout=60)
    assert result.ok, result.stderr
