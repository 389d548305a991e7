"""Evaluate one check: whatever happens becomes one of the four outcomes."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rung.checks.cluster import ApiRefused, ClusterGone, answered_by_api_server
from rung.checks.core.channel import DEFAULT_TIMEOUT, CommandTimeout, MachineGone, Result, UnexpectedExit
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Broken, Fail, Outcome
from rung.checks.core.python_checks import PythonCheck
from rung.checks.core.registry import CheckContext, Expectation, expected
from rung.runner.core.errors import EngineGone
from rung.runner.lab import python_checks

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster

DEADLINE = 60.0  # seconds for one check, all its commands together; each command has its own 10 s
_PAUSE = 0.2  # seconds between two evaluations of a control that waits


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one evaluation, with the reasons why the check does not hold."""

    outcome: Outcome
    reasons: list[str] = field(default_factory=list)
    hint: str | None = None
    error: str | None = None
    gone: str | None = None  # the machine that did not answer
    lost: bool = False  # the cluster's API did not answer, or answered with an error of its own
    own: bool = False  # the API server itself had to answer, not a node or another server behind it


@dataclass(frozen=True, eq=False)
class BoundCheck:
    """A check with its machine and values, whether it is written as data or as a function."""

    task: str
    id: str
    title: str
    machine: str
    points: int
    holds: bool
    when: str | None
    within: float | None
    hint: str | None
    evaluate: Callable[[CheckContext], list[str]]
    extra: float = 0.0  # seconds beyond DEADLINE that its control may wait
    is_function: bool = False  # a function of the lab's checks.py, which may not end by itself

    @classmethod
    def of_expectation(cls, task: str, machine: str, item: Expectation, facts: Mapping[str, str]) -> BoundCheck:
        """An expectation of lab.yaml; `facts`: what its `same` facts were at the start."""
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
            evaluate=lambda context: _reasons(item, context, facts),
            extra=(item.control.within or 0.0) if item.control else 0.0,
        )

    @classmethod
    def of_function(cls, machine: str, check: PythonCheck) -> BoundCheck:
        """A function of checks.py; `machine`: where it runs unless it names another one."""

        def evaluate(context: CheckContext) -> list[str]:
            python_checks.call(check, context)
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
            is_function=True,
        )


def _reasons(item: Expectation, context: CheckContext, start: Mapping[str, str]) -> list[str]:
    """Why an expectation does not hold; [] where it holds.

    A negative probe counts only after its control held: while a server is still starting, "refused" says nothing.
    """
    control = item.control
    if control is None:
        return _own_reasons(item, context, start)
    at = replace(context, host=context.hosts[control.on]) if control.on else context
    control_held = _holds(control, at)
    reasons = _own_reasons(item, context, start)
    if reasons or control_held:
        return reasons
    failed = _poll(control, at)
    if failed:
        return [f"this cannot be judged, because its control fails: {reason}" for reason in failed]
    return _own_reasons(item, context, start)


def _own_reasons(item: Expectation, context: CheckContext, start: Mapping[str, str]) -> list[str]:
    """Why an expectation does not hold, its control left out; its `same` facts must be what they were at the start."""
    reasons = list(item.reasons(context))
    if item.same and not reasons:
        now = item.facts(context)
        reasons += [
            expected(f"{name} of {item.heading()}", f"still {start[name]}", now.get(name) or "none")
            for name in item.same
            if start.get(name, "") != now.get(name, "")
        ]
    return reasons


def _holds(item: Expectation, context: CheckContext) -> bool:
    """Whether an expectation holds now. Errors are ignored here; the next evaluation reports them."""
    try:
        return not list(item.reasons(context))
    except Exception:  # the expectation cannot be evaluated, so it does not hold
        return False


def _poll(item: Expectation, context: CheckContext) -> list[str]:
    """The reasons of an expectation, evaluated again until it holds or its `within` is up."""
    until = time.monotonic() + (item.within or 0.0)
    while (reasons := list(item.reasons(context))) and time.monotonic() < until:
        time.sleep(_PAUSE)
        context.boots.clear()
    return reasons


class _Missing:
    """The channel of a machine that does not exist; checks that ask only the cluster never use it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def run(self, command: str, *, timeout: float = 0, stdin: bytes = b"", again: bool = True) -> Result:  # noqa: ARG002
        raise MachineGone(f"{self._name} does not run", self._name)

    def close(self) -> None:
        """Nothing is open."""

    def interrupt(self, thread: int) -> None:
        """Nothing runs."""


class _Lease:
    """A machine's channel for one Python check; once it is revoked, the check's thread asks nothing any more."""

    def __init__(self, machine: Machine) -> None:
        self._name = machine.name
        self._channel = machine.channel
        self._revoked = False

    def run(self, command: str, *, timeout: float = DEFAULT_TIMEOUT, stdin: bytes = b"", again: bool = True) -> Result:
        if self._revoked:
            raise MachineGone(f"the time of this check is over: {self._name} is not asked", self._name)
        return self._channel.run(command, timeout=timeout, stdin=stdin, again=again)

    def close(self) -> None:
        self._channel.close()

    def interrupt(self, thread: int) -> None:
        self._channel.interrupt(thread)

    def revoke(self, thread: int) -> None:
        """Refuse every further command, and end the one that `thread` runs now."""
        self._revoked = True
        self._channel.interrupt(thread)


def evaluate(
    check: BoundCheck,
    hosts: Mapping[str, Machine],
    values: Mapping[str, Any],
    cluster: Cluster | None = None,
    boots: dict[str, datetime | None] | None = None,
) -> CheckResult:
    """Evaluate one check within DEADLINE; never raises.

    boots: node -> when it started, shared by the checks that are evaluated at the same time.
    """
    host = hosts.get(check.machine)
    if host is None and cluster is None:
        return CheckResult(Outcome.FAILED, gone=check.machine)
    hosts = {**hosts, check.machine: host or Machine(check.machine, _Missing(check.machine))}
    leases: list[_Lease] = []
    if check.is_function:
        leases = [_Lease(machine) for machine in hosts.values()]
        hosts = {name: Machine(name, lease) for name, lease in zip(hosts, leases, strict=True)}
    answer: list[CheckResult] = []
    context = CheckContext(hosts[check.machine], hosts, values, cluster, {} if boots is None else boots)
    # A daemon thread: a check that never ends must not hold the grader.
    worker = threading.Thread(target=lambda: answer.append(_result_of(check, context)), daemon=True)
    worker.start()
    limit = DEADLINE + check.extra
    worker.join(limit)
    if answer:
        return answer[0]
    late = f"did not end within {limit:g} s"
    if check.is_function:
        # A function is the lab's own, and one that does not end is its author's mistake, never the learner's.
        for lease in leases:
            lease.revoke(worker.ident or 0)
        return CheckResult(Outcome.BROKEN, error=f"the function in checks.py {late}")
    # Data checks end by themselves: one command that hangs is cut off after 10 s, but many slow ones add up.
    return CheckResult(Outcome.FAILED, [late])


def _is_of_testinfra(error: BaseException) -> bool:
    """Whether an error was raised in one of testinfra's modules, or below."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(str(frame.f_globals.get("__name__")).startswith("testinfra.modules.") for frame, _ in frames)


def _result_of(check: BoundCheck, context: CheckContext) -> CheckResult:
    """The result of an evaluation, however it ends."""
    try:
        reasons = check.evaluate(context)
    except Fail as fail:
        return CheckResult(Outcome.FAILED, fail.reasons, hint=fail.hint)
    except Broken as broken:
        return CheckResult(Outcome.BROKEN, error=str(broken))
    except (CommandTimeout, UnexpectedExit) as error:
        return CheckResult(Outcome.FAILED, [str(error)])
    except MachineGone as gone:
        return CheckResult(Outcome.FAILED, gone=gone.machine)
    except ClusterGone as gone:
        return CheckResult(
            Outcome.FAILED,
            [f"the cluster's API does not answer: {gone}"],
            lost=True,
            own=answered_by_api_server(gone),
        )
    except ApiRefused as refused:
        why = f"the cluster's API refused an answer: {refused}"
        return CheckResult(Outcome.FAILED, [why], lost=refused.troubled, own=answered_by_api_server(refused))
    except EngineGone as gone:
        return CheckResult(Outcome.BROKEN, error=str(gone))
    except (AssertionError, RuntimeError, ValueError, LookupError) as error:
        if _is_of_testinfra(error):  # it met a state that it does not know, such as a file that cannot be read
            return CheckResult(Outcome.FAILED, [f"testinfra cannot tell: {str(error) or type(error).__name__}"])
        return CheckResult(Outcome.BROKEN, error=f"{type(error).__name__}: {error}")
    except Exception as error:  # a mistake in the check itself is never the learner's
        return CheckResult(Outcome.BROKEN, error=f"{type(error).__name__}: {error}")
    return CheckResult(Outcome.FAILED, reasons) if reasons else CheckResult(Outcome.PASSED)
