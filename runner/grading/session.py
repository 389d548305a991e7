"""Rounds of questions: who is asked at the same time, what is asked again, and a machine that does not answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rung.checks.core.machine import CommandTimeout, Machine, MachineGone
from rung.checks.core.outcome import Outcome
from rung.runner.attempts.attempt import Attempt
from rung.runner.core.errors import EngineGone, EngineRefused, EnvironmentBroken
from rung.runner.grading.evaluate import BoundCheck, CheckResult, evaluate
from rung.runner.lab.model import CONTROL_PLANE, Lab

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster

_API_SECONDS = 60.0  # that an API server may take to come back after a restart
_PAUSE = 0.2  # seconds between two looks at a check that waits
_PAUSE_OF_CLUSTERS = 0.5  # the same, where each look costs the processors that the cluster needs
_LOOK = 1.0  # seconds between two looks at whether a cluster is calm
_LONGEST = 60.0  # seconds beyond its own `within` that a check may wait for a cluster to come to rest
_WAKING = 10.0  # seconds after a node's restart in which the API shows its pods as they were before
# What is still on its way: jobs in systemd's queue, units between two states.
_MOVING = (
    "systemctl list-jobs --plain --no-legend | head -1; "
    "systemctl list-units --plain --no-legend --state=activating,deactivating,reloading | head -1"
)


class QuietPeriod:
    """How long nothing has moved; without a way to see that (`moving`), how long it is since the beginning."""

    def __init__(self, moving: Callable[[], bool] | None = None) -> None:
        self._moving = moving
        self._began = self._since = self._looked = time.monotonic()

    def over(self, within: float) -> bool:
        """Whether a check that may take so many seconds has had its time."""
        now = time.monotonic()
        if now - self._began > within + _LONGEST:
            return True
        if self._moving is not None and now - self._since >= within and now - self._looked > _LOOK:
            self._looked = now
            if self._moving():
                self._since = now
        return now - self._since >= within


@dataclass
class GradingSession:
    """One grading: the machines, and what each question was answered with."""

    lab: Lab
    attempt: Attempt
    patient: bool
    cluster: Cluster | None = None

    def __post_init__(self) -> None:
        self.hosts: dict[str, Machine] = self.attempt.hosts()
        self.had_api = (self.attempt.journal.last("ready") or {}).get("api", False)
        # A machine that was restarted because it did not answer -> why Rung could not even do that, if so.
        self.restarts: dict[str, str | None] = {}
        self._restarting = threading.Lock()
        self._restarted_at = -_WAKING
        self._boots: dict[str, datetime | None] = {}  # of nodes, as the look that goes on has found them

    def round(self, asked: Sequence[BoundCheck]) -> dict[BoundCheck, CheckResult]:
        """Ask every question; those that may wait are asked again until they hold or time is up.

        The time of a check counts from when its cluster has come to rest: a slow computer gets more.
        """
        calm = QuietPeriod(self._moving if self.cluster is not None else None)
        verdicts = self._ask_all(asked)
        while waiting := [q for q in asked if self._may_wait(q, verdicts[q], calm)]:
            settled = not self.patient and self._still()
            time.sleep(0 if settled else _PAUSE if self.cluster is None else _PAUSE_OF_CLUSTERS)
            verdicts |= self._ask_all(waiting)
            if settled:
                break
        return verdicts

    @staticmethod
    def _may_wait(question: BoundCheck, verdict: CheckResult, calm: QuietPeriod) -> bool:
        return verdict.outcome is Outcome.FAILED and question.within is not None and not calm.over(question.within)

    def _still(self) -> bool:
        """Whether nothing is in transition; one controller of a cluster wakes another, so it is looked at twice."""
        if self._moving():
            return False
        if self.cluster is None:
            return True
        time.sleep(_PAUSE)
        return not self._moving()

    def _moving(self) -> bool:
        with ThreadPoolExecutor(max_workers=8) as pool:
            if any(list(pool.map(_busy, self.hosts.values()))):
                return True
        if self.cluster is None:
            return False
        from rung.runner.grading.quiescence import moving

        return time.monotonic() - self._restarted_at < _WAKING or moving(self.cluster)

    def _ask_all(self, asked: Sequence[BoundCheck]) -> dict[BoundCheck, CheckResult]:
        """Machines side by side, each machine's questions in their order; of a cluster tasks side by side."""

        def row(question: BoundCheck) -> str:
            return question.machine if self.cluster is None else question.task

        rows = list(dict.fromkeys(row(q) for q in asked))
        self._boots = {}

        def of(name: str) -> list[tuple[BoundCheck, CheckResult]]:
            return [(q, self._ask(q)) for q in asked if row(q) == name]

        if len(rows) == 1:
            return dict(of(rows[0]))
        with ThreadPoolExecutor(max_workers=min(8, max(1, len(rows)))) as pool:
            return dict(pair for pairs in pool.map(of, rows) for pair in pairs)

    def _ask(self, question: BoundCheck) -> CheckResult:
        tried: set[str] = set()
        while (silent_one := self._silent(verdict := self._asked(question))) is not None:
            # GRADING: broken must not pay. A machine that was healthy at the start and does not answer is
            # restarted once; then it is the learner's.
            if silent_one in tried:
                reason = f"{silent_one} no longer answers, not even after a restart"
                return CheckResult(Outcome.FAILED, verdict.reasons or [reason])
            tried.add(silent_one)
            if (why := self._restarted(silent_one)) is not None:
                return CheckResult(Outcome.BROKEN, error=why)
        return verdict

    def _asked(self, question: BoundCheck) -> CheckResult:
        """The answer; what a cluster's API was only too slow for is asked once more.

        An API server that says that it is ready, and twice does not answer what is its own to answer, is broken,
        in a lab that leaves it alone. What a node or another server answers through it may be the learner's.
        """
        verdict = evaluate(question, self.hosts, self.lab.values, self.cluster, self._boots)
        for last in (False, True):
            if not verdict.lost or self.cluster is None or not self.cluster.answers():
                return verdict
            if last and verdict.own and self.lab.cluster is not None and self.lab.cluster.scope == "namespace":
                return CheckResult(Outcome.BROKEN, error="; ".join(verdict.reasons))
            if not last:
                verdict = evaluate(question, self.hosts, self.lab.values, self.cluster, self._boots)
        return verdict

    def _silent(self, verdict: CheckResult) -> str | None:
        """Which machine did not answer. For a cluster's API it is the control plane, if the API did answer at
        the start: a lab may begin with one that is down."""
        if not verdict.lost or self.cluster is None:
            return verdict.gone
        return CONTROL_PLANE if self.had_api and not self.cluster.answers() else None

    def _restarted(self, machine: str) -> str | None:
        """Restart a machine, once in a session; why the engine did not do it, where that is the engine's."""
        with self._restarting:
            if machine not in self.restarts:
                try:
                    self.restart([machine])
                    self.restarts[machine] = None
                except EnvironmentBroken as error:
                    self.restarts[machine] = str(error)
            return self.restarts[machine]

    def restart(self, machines: Sequence[str]) -> None:
        """Restart machines, and let a cluster's API come back. Raises EngineGone, EngineRefused."""
        for machine in machines:
            _reboot(self.attempt, machine)
        self._restarted_at = time.monotonic()
        self._boots = {}
        until = time.monotonic() + _API_SECONDS
        while self.cluster is not None and not self.cluster.answers() and time.monotonic() < until:
            time.sleep(_PAUSE)


def _busy(host: Machine) -> bool:
    """Whether something on a machine is on its way; one that does not answer is at rest."""
    try:
        return bool(host.run(_MOVING).out.strip())
    except (MachineGone, CommandTimeout):
        return False


def _reboot(attempt: Attempt, machine: str) -> None:
    """Restart a machine; one that does not come up is found by its checks.

    Raises EngineGone, and EngineRefused where that is no matter of the machine's own files.
    """
    try:
        attempt.reboot([machine])
    except EngineGone:
        raise
    except EngineRefused as refused:
        if not refused.by_machine:
            raise
    except (EnvironmentBroken, MachineGone, CommandTimeout):
        return
