"""One question to a machine, and its verdict: whatever happens becomes one of the outcomes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rung.checks.machine import CommandTimeout, Machine, MachineGone
from rung.checks.outcome import Broken, Fail, Outcome
from rung.checks.registry import Expectation, Place, PythonCheck, expected
from rung.runner import pychecks
from rung.runner.errors import EngineGone

DEADLINE = 60.0  # seconds for one check, all its commands together; each command has its own 10 s


@dataclass(frozen=True)
class Verdict:
    """How a question was answered. `gone` names a machine that did not answer."""

    outcome: Outcome
    reasons: list[str] = field(default_factory=list)
    hint: str | None = None
    error: str | None = None
    gone: str | None = None


@dataclass(frozen=True, eq=False)
class Question:
    """A check of a lab, whether written as data or as a function."""

    task: str
    id: str
    title: str
    machine: str
    points: int
    holds: bool
    when: str | None
    within: float | None
    hint: str | None
    evaluate: Callable[[Place], list[str]]

    @classmethod
    def of_expectation(cls, task: str, machine: str, item: Expectation, facts: Mapping[str, str]) -> Question:
        return cls(
            task=task,
            id=item.id or item.kind,
            title=item.heading(),
            machine=machine,
            points=item.points,
            holds=item.holds,
            when=item.when,
            within=item.within,
            hint=item.hint,
            evaluate=lambda place: _reasons(item, place, facts),
        )

    @classmethod
    def of_function(cls, machine: str, check: PythonCheck) -> Question:
        def evaluate(place: Place) -> list[str]:
            pychecks.call(check, place.host, place.hosts, place.values)
            return []

        return cls(
            task=check.task,
            id=check.id,
            title=check.title,
            machine=check.on or machine,
            points=check.points,
            holds=check.holds,
            when=check.when,
            within=check.within,
            hint=None,
            evaluate=evaluate,
        )


def _reasons(item: Expectation, place: Place, start: Mapping[str, str]) -> list[str]:
    found = list(item.reasons(place))
    if item.same and not found:
        now = item.facts(place)
        found += [
            expected(f"{name} of {item.heading()}", f"still {start[name]}", now.get(name) or "none")
            for name in item.same
            if start.get(name, "") != now.get(name, "")
        ]
    if item.control is not None and not found:
        control = item.control
        at = Place(place.hosts[control.on], place.hosts, place.values) if control.on else place
        # "Refused" counts only where the client works and the server answers somebody else.
        found += [f"this cannot be judged, because its control fails: {r}" for r in control.reasons(at)]
    return found


def ask(question: Question, hosts: Mapping[str, Machine], values: Mapping[str, Any]) -> Verdict:
    """Evaluate one question within DEADLINE; never raises."""
    host = hosts.get(question.machine)
    if host is None:
        return Verdict(Outcome.FAILED, gone=question.machine)
    answer: list[Verdict] = []
    place = Place(host, hosts, values)
    # A daemon thread: a check that never ends (a loop in a pack's Python) must not hold the grader.
    worker = threading.Thread(target=lambda: answer.append(_answer(question, place)), daemon=True)
    worker.start()
    worker.join(DEADLINE)
    if not answer:
        return Verdict(Outcome.BROKEN, error=f"the check did not end within {DEADLINE:g} s")
    return answer[0]


def _answer(question: Question, place: Place) -> Verdict:
    try:
        reasons = question.evaluate(place)
    except Fail as fail:
        return Verdict(Outcome.FAILED, fail.reasons, hint=fail.hint)
    except Broken as broken:
        return Verdict(Outcome.BROKEN, error=str(broken))
    except CommandTimeout as late:
        return Verdict(Outcome.FAILED, [str(late)])
    except MachineGone:
        return Verdict(Outcome.FAILED, gone=question.machine)
    except EngineGone as gone:
        return Verdict(Outcome.BROKEN, error=str(gone))
    except Exception as error:  # a mistake in the check itself is never the learner's
        return Verdict(Outcome.BROKEN, error=f"{type(error).__name__}: {error}")
    return Verdict(Outcome.FAILED, reasons) if reasons else Verdict(Outcome.PASSED)
