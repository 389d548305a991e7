"""Grading: every check of a lab is asked, live and after a restart where the lab says so."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from rung.checks.machine import Machine
from rung.checks.outcome import Outcome
from rung.runner import pychecks
from rung.runner.attempt import Attempt
from rung.runner.drivers import Progress, silent
from rung.runner.errors import EngineGone, UsageError
from rung.runner.judge import Question, Verdict, ask
from rung.runner.lab import Lab
from rung.runner.report import CheckReport, Report, TaskReport

_PAUSE = 0.2  # seconds between two looks at a check that waits
# What is still on its way: jobs in systemd's queue, units between two states.
_MOVING = (
    "systemctl list-jobs --plain --no-legend | head -1; "
    "systemctl list-units --plain --no-legend --state=activating,deactivating,reloading | head -1"
)


def questions(lab: Lab, facts: Mapping[str, Mapping[str, str]]) -> list[Question]:
    """Every check of a lab in the order in which the report shows them."""
    found = []
    python = pychecks.load(lab)
    for task in lab.tasks:
        for expectation in task.expect:
            key = f"{task.id}.{expectation.id or expectation.kind}"
            machine = expectation.on or task.on or lab.first
            found.append(Question.of_expectation(task.id, machine, expectation, facts.get(key, {})))
        found += [Question.of_function(task.on or lab.first, c) for c in python if c.task == task.id]
    return found


@dataclass
class Session:
    """One grading: the machines, and what each question was answered with."""

    lab: Lab
    attempt: Attempt
    patient: bool

    def __post_init__(self) -> None:
        self.hosts: dict[str, Machine] = self.attempt.hosts()
        self.restarted_for: set[str] = set()

    def round(self, asked: Sequence[Question]) -> dict[Question, Verdict]:
        """Ask every question; those that may wait are asked again until they hold or time is up."""
        began = time.monotonic()
        verdicts = self._ask_all(asked)
        while waiting := [q for q in asked if self._may_wait(q, verdicts[q], time.monotonic() - began)]:
            settled = not self.patient and not self._moving()
            time.sleep(0 if settled else _PAUSE)
            verdicts |= self._ask_all(waiting)
            if settled:
                break
        return verdicts

    @staticmethod
    def _may_wait(question: Question, verdict: Verdict, elapsed: float) -> bool:
        return verdict.outcome is Outcome.FAILED and question.within is not None and elapsed < question.within

    def _moving(self) -> bool:
        return any(host.run(_MOVING).out.strip() for host in self.hosts.values())

    def _ask_all(self, asked: Sequence[Question]) -> dict[Question, Verdict]:
        """Machines side by side, each machine's questions in their order."""
        machines = list(dict.fromkeys(q.machine for q in asked))

        def on(machine: str) -> list[tuple[Question, Verdict]]:
            return [(q, self._ask(q)) for q in asked if q.machine == machine]

        if len(machines) == 1:
            return dict(on(machines[0]))
        with ThreadPoolExecutor(max_workers=max(1, len(machines))) as pool:
            return dict(pair for pairs in pool.map(on, machines) for pair in pairs)

    def _ask(self, question: Question) -> Verdict:
        verdict = ask(question, self.hosts, self.lab.values)
        if verdict.gone is None:
            return verdict
        # GRADING: broken must not pay. A machine that was healthy at the start and does not answer is
        # restarted once; then it is the learner's.
        if verdict.gone not in self.restarted_for:
            self.restarted_for.add(verdict.gone)
            try:
                self.attempt.reboot([verdict.gone])
            except EngineGone as error:
                return Verdict(Outcome.BROKEN, error=str(error))
            except Exception:  # whatever stops the restart: the verdict below says it
                pass
            verdict = ask(question, self.hosts, self.lab.values)
        if verdict.gone is not None:
            return Verdict(Outcome.FAILED, [f"{verdict.gone} no longer answers, not even after a restart"])
        return verdict


def grade(
    lab: Lab,
    attempt: Attempt,
    *,
    tasks: Sequence[str] = (),
    live_only: bool = False,
    patient: bool = True,
    progress: Progress = silent,
) -> Report:
    """Grade an attempt: all tasks, or those named.

    A lab with `reboot` is graded live (feedback) and after its machines were restarted (the score);
    `live_only` leaves out the restart and what is asked only after it. With `patient=False` checks that
    may wait do so only while something is in transition (GRADING: untouched and wrong attempts don't
    wait for what will never come). Raises UsageError for an unknown task, EngineGone.
    """
    from rung.runner import trust

    trust.require(lab.folder)
    unknown = [t for t in tasks if t not in {task.id for task in lab.tasks}]
    if unknown:
        raise UsageError(
            f"{lab.name} has no task `{unknown[0]}`.", fix=f"Its tasks: {', '.join(t.id for t in lab.tasks)}."
        )
    attempt.revive()
    started = attempt.journal.last("ready") or {}
    asked = [
        q for q in questions(lab, started.get("facts", {})) if not tasks or q.task in tasks or _needed(lab, tasks, q)
    ]
    session = Session(lab, attempt, patient)
    progress("grade", "live")
    live = session.round([q for q in asked if q.when is None])
    restart = [] if live_only else lab.rebooted()
    final = live
    if restart:
        progress("restart", ", ".join(restart))
        attempt.reboot(restart)
        progress("grade", "after the restart")
        final = session.round(asked)
    report = _report(lab, attempt, final, live if restart else {}, restart)
    return report if not tasks else replace(report, tasks=[t for t in report.tasks if t.id in tasks])


def _needed(lab: Lab, tasks: Sequence[str], question: Question) -> bool:
    """Whether a task that was named needs this question's task (so that `blocked` is judged rightly)."""
    needs = {t.id: t.needs for t in lab.tasks}
    reached, todo = set(), list(tasks)
    while todo:
        for name in needs[todo.pop()]:
            if name not in reached:
                reached.add(name)
                todo.append(name)
    return question.task in reached


def _report(
    lab: Lab,
    attempt: Attempt,
    final: Mapping[Question, Verdict],
    live: Mapping[Question, Verdict],
    restarted: list[str],
) -> Report:
    reports: dict[str, TaskReport] = {}
    for task in lab.tasks:
        checks = [_check(q, v, live.get(q)) for q, v in final.items() if q.task == task.id]
        if checks:
            reports[task.id] = TaskReport(task.id, task.text, checks)
    blocked = {t.id for t in lab.tasks if any(n in reports and not reports[n].passed for n in t.needs)}
    shown = [_blocked(r) if r.id in blocked else r for r in reports.values()]
    return Report(lab.name, attempt.id, lab.seed, shown, restarted)


def _check(question: Question, verdict: Verdict, live: Verdict | None) -> CheckReport:
    return CheckReport(
        id=question.id,
        title=question.title,
        machine=question.machine,
        outcome=verdict.outcome,
        points=question.points,
        holds=question.holds,
        when=question.when,
        reasons=verdict.reasons,
        hint=verdict.hint or question.hint,
        error=verdict.error,
        live=live.outcome if live else None,
        live_reasons=live.reasons if live else [],
    )


def _blocked(task: TaskReport) -> TaskReport:
    """A check that fails while a task it needs has not passed is blocked; one that passes counts."""
    checks = [replace(c, outcome=Outcome.BLOCKED) if c.outcome is Outcome.FAILED else c for c in task.checks]
    return replace(task, checks=checks)
