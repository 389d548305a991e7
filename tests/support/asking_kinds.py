"""Evaluate an expectation of lab.yaml on a machine, for the tests of kinds."""

from __future__ import annotations

from typing import Any

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation
from rung.checks.kinds import load_kinds


def expectation(data: dict[str, Any]) -> Expectation:
    """The expectation for a mapping as it is in lab.yaml."""
    kinds = load_kinds()
    (name,) = [key for key in data if key in kinds][:1]
    return kinds[name].model_validate(data)


def reasons(machine: Machine, data: dict[str, Any]) -> list[str]:
    """The reasons why the expectation fails on the machine; an empty list if it holds."""
    try:
        return list(expectation(data).reasons(check_context(machine)))
    except Fail as fail:
        return fail.reasons


def facts(machine: Machine, data: dict[str, Any]) -> dict[str, str]:
    """The current identity facts of the expectation."""
    return expectation(data).facts(check_context(machine))


def check_context(machine: Machine) -> CheckContext:
    """A context with this machine only."""
    return CheckContext(machine, {machine.name: machine})


def prepare(machine: Machine, script: str) -> None:
    """Run a script as root that puts the machine into the state for the tests."""
    result = machine.run("set -eu\n" + script, timeout=60)
    assert result.ok, result.stderr
