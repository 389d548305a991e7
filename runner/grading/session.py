"""One grading: which checks run side by side, which are repeated, and what happens when a machine does not answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Outcome
from rung.runner.attempts.attempt import Attempt
from rung.runner.core.errors import EngineGone, EngineRefused, EnvironmentBroken
from rung.runner.core.polling import poll
from rung.runner.grading.evaluate import BoundCheck, CheckResult, evaluate
from rung.runner.grading.quiescence import is_changing
from rung.runner.lab.model import CONTROL_PLANE, Lab

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster

_API_SECONDS = 60.0  # an API server may take so long to come back after a restart
_PAUSE = 0.2  # seconds between two evaluations of a check that waits
_CLUSTER_PAUSE = 0.5  # the same on a cluster, where each evaluation takes processor time from it
_ACTIVITY_PAUSE = 1.0  # seconds between two looks at a cluster's activity
_LONGEST = 60.0  # seconds beyond its own `within` that a check waits for a cluster to become quiet
_STALE_SECONDS = 10.0  # after a node's restart the API shows its pods so long as they were before
# Activity of a machine: jobs in systemd's queue, units between two states.
_ACTIVITY = (
    "systemctl list-jobs --plain --no-legend | head -1; "
    "systemctl list-units --plain --no-legend --state=activating,deactivating,reloading | head -1"
)


class QuietPeriod:
    """Seconds without activity, or since creation where activity cannot be observed (`active` is None)."""

    def __init__(self, active: Callable[[], bool] | None = None) -> None:
        self._active = active
        self._began = self._since = self._looked = time.monotonic()

    def over(self, within: float) -> bool:
        """Whether the time of a check that waits `within` seconds is up."""
        now = time.monotonic()
        if now - self._began > within + _LONGEST:
            return True
        if self._active is not None and now - self._since >= within and now - self._looked > _ACTIVITY_PAUSE:
            self._looked = now
            if self._active():
                self._since = now
        return now - self._since >= within


@dataclass
class GradingSession:
    """One grading of an attempt: its machines, and the machines that were restarted for it.

    patient: wait for checks with `within` as long as they ask for, even where nothing changes any more.
    """

    lab: Lab
    attempt: Attempt
    patient: bool
    cluster: Cluster | None = None

    def __post_init__(self) -> None:
        self.hosts: dict[str, Machine] = self.attempt.hosts()
        self.had_api = (self.attempt.journal.last("ready") or {}).get("api", False)
        # A machine that was restarted because it did not answer -> why the restart failed; None where it did not.
        self.restarts: dict[str, str | None] = {}
        self._restarting = threading.Lock()
        self._restarted_at = -_STALE_SECONDS
        self._boots: dict[str, datetime | None] = {}  # of nodes, found by the checks that run now

    def round(self, checks: Sequence[BoundCheck]) -> dict[BoundCheck, CheckResult]:
        """Evaluate every check; those that may wait are evaluated again until they hold or their time is up.

        The time of a check counts from when its cluster has become quiet: a slow computer gets more.
        """
        quiet = QuietPeriod(self._is_active if self.cluster is not None else None)
        results = self._evaluate_all(checks)
        while waiting := [check for check in checks if self._may_wait(check, results[check], quiet)]:
            settled = not self.patient and self._is_settled()
            time.sleep(0 if settled else _PAUSE if self.cluster is None else _CLUSTER_PAUSE)
            results |= self._evaluate_all(waiting)
            if settled:
                break
        return results

    @staticmethod
    def _may_wait(check: BoundCheck, result: CheckResult, quiet: QuietPeriod) -> bool:
        return result.outcome is Outcome.FAILED and check.within is not None and not quiet.over(check.within)

    def _is_settled(self) -> bool:
        """Whether nothing changes; one controller of a cluster wakes another, so a cluster is looked at twice."""
        if self._is_active():
            return False
        if self.cluster is None:
            return True
        time.sleep(_PAUSE)
        return not self._is_active()

    def _is_active(self) -> bool:
        with ThreadPoolExecutor(max_workers=8) as pool:
            if any(list(pool.map(_busy, self.hosts.values()))):
                return True
        if self.cluster is None:
            return False
        return time.monotonic() - self._restarted_at < _STALE_SECONDS or is_changing(self.cluster)

    def _evaluate_all(self, checks: Sequence[BoundCheck]) -> dict[BoundCheck, CheckResult]:
        """Evaluate checks: machines side by side, each machine's in their order; on a cluster tasks side by side."""

        def row(check: BoundCheck) -> str:
            return check.machine if self.cluster is None else check.task

        rows = list(dict.fromkeys(row(check) for check in checks))
        self._boots = {}

        def evaluate_row(name: str) -> list[tuple[BoundCheck, CheckResult]]:
            return [(check, self._evaluate(check)) for check in checks if row(check) == name]

        if len(rows) == 1:
            return dict(evaluate_row(rows[0]))
        with ThreadPoolExecutor(max_workers=min(8, max(1, len(rows)))) as pool:
            return dict(pair for pairs in pool.map(evaluate_row, rows) for pair in pairs)

    def _evaluate(self, check: BoundCheck) -> CheckResult:
        """Evaluate a check; a machine that does not answer is restarted once.

        A machine that was healthy at the start and does not answer even then is the learner's: broken must not pay.
        """
        tried: set[str] = set()
        while (silent := self._silent_machine(result := self._evaluate_twice(check))) is not None:
            if silent in tried:
                reason = f"{silent} no longer answers, not even after a restart"
                return CheckResult(Outcome.FAILED, result.reasons or [reason])
            tried.add(silent)
            if (why := self._restart_once(silent)) is not None:
                return CheckResult(Outcome.BROKEN, error=why)
        return result

    def _evaluate_twice(self, check: BoundCheck) -> CheckResult:
        """Evaluate a check, once more where a cluster's API was only too slow.

        An API server that is ready, and twice does not answer what is its own to answer, is broken in a lab that
        leaves it alone. What a node or another server answers through it may be the learner's.
        """
        result = evaluate(check, self.hosts, self.lab.values, self.cluster, self._boots)
        for last in (False, True):
            if not result.lost or self.cluster is None or not self.cluster.answers():
                return result
            if last and result.own and self.lab.cluster is not None and self.lab.cluster.scope == "namespace":
                return CheckResult(Outcome.BROKEN, error="; ".join(result.reasons))
            if not last:
                result = evaluate(check, self.hosts, self.lab.values, self.cluster, self._boots)
        return result

    def _silent_machine(self, result: CheckResult) -> str | None:
        """The machine that did not answer, if one did not.

        For a cluster's API it is the control plane, if the API answered at the start: a lab may begin with one that
        is down.
        """
        if not result.lost or self.cluster is None:
            return result.gone
        return CONTROL_PLANE if self.had_api and not self.cluster.answers() else None

    def _restart_once(self, machine: str) -> str | None:
        """Restart a machine, once in a session; why that failed, where the engine is the reason."""
        with self._restarting:
            if machine not in self.restarts:
                try:
                    self.restart([machine])
                    self.restarts[machine] = None
                except EnvironmentBroken as error:
                    self.restarts[machine] = str(error)
            return self.restarts[machine]

    def restart(self, machines: Sequence[str]) -> None:
        """Restart machines, and wait for a cluster's API. Raises EngineGone, EngineRefused."""
        for machine in machines:
            _reboot(self.attempt, machine)
        self._restarted_at = time.monotonic()
        self._boots = {}
        if self.cluster is not None:
            poll(self.cluster.answers, _API_SECONDS, _PAUSE)


def _busy(host: Machine) -> bool:
    """Whether a machine is active; one that does not answer is not."""
    try:
        return bool(host.run(_ACTIVITY).out.strip())
    except (MachineGone, CommandTimeout):
        return False


def _reboot(attempt: Attempt, machine: str) -> None:
    """Restart a machine. One that does not come up is left to its checks.

    Raises EngineGone, and EngineRefused where the machine's own files are not the reason.
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
