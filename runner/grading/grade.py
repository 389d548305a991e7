"""Grades an attempt: evaluates every check of the lab, and once more after a restart where the lab asks for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rung.checks.core.outcome import Outcome
from rung.runner.attempts.attempt import Attempt
from rung.runner.catalog import trust
from rung.runner.core.errors import UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.grading.evaluate import BoundCheck, CheckResult
from rung.runner.grading.report import CheckReport, Report, TaskReport
from rung.runner.grading.session import GradingSession
from rung.runner.lab import python_checks
from rung.runner.lab.model import Lab

_EVALUATED = "evaluated"


def bound_checks(lab: Lab, facts: Mapping[str, Mapping[str, str]], policies: str = "") -> list[BoundCheck]:
    """Every check of a lab, in the order of the report.

    `facts`: those of the starting state, `task.check` -> fact -> value, for `same:`. `policies`: how checks of network
    policies are evaluated; it is added to their titles.

    The lab's checks.py is loaded into this process: raises UsageError where the lab has one and is not trusted.
    """
    found = []
    if (lab.folder / "checks.py").exists():
        trust.require(lab.folder)
    python = python_checks.load(lab)
    for task in lab.tasks:
        for expectation in task.expect:
            key = f"{task.id}.{expectation.id or expectation.kind}"
            machine = expectation.on or task.on or lab.first
            question = BoundCheck.of_expectation(task.id, machine, expectation, facts.get(key, {}))
            if policies and expectation.kind == "policy":
                how = policies if getattr(expectation, "live", False) else _EVALUATED
                question = replace(question, title=f"{question.title} ({how})")
            found.append(question)
        found += [BoundCheck.of_function(task.on or lab.first, c) for c in python if c.task == task.id]
    return found


def grade(
    lab: Lab,
    attempt: Attempt,
    *,
    tasks: Sequence[str] = (),
    live_only: bool = False,
    patient: bool = True,
    progress: Progress = silent,
) -> Report:
    """Grade an attempt: all tasks, or those in `tasks`.

    A lab with `reboot` is graded twice: live (for the `live` outcomes) and after its machines were restarted (for the
    score). `live_only` leaves out the restart and the checks that need it. With `patient=False` checks with a `within`
    wait only while something is changing: untouched and wrong attempts would wait in vain.

    Raises UsageError for an unknown task, for a lab that is not trusted, and where the lab's files have changed since
    the machines were made; EngineGone where the engine stops answering.
    """
    trust.require(lab.folder)
    if attempt.changed(lab):
        raise UsageError(
            f"{lab.name} changed since this attempt began, so its machines cannot be graded by it.",
            fix="`rung reset` starts it afresh.",
        )
    unknown = [t for t in tasks if t not in {task.id for task in lab.tasks}]
    if unknown:
        raise UsageError(
            f"{lab.name} has no task `{unknown[0]}`.", fix=f"Its tasks: {', '.join(t.id for t in lab.tasks)}."
        )
    attempt.revive()
    started = attempt.journal.last("ready") or {}
    policies = "evaluated and tried" if started.get("policies") == "tried" else _EVALUATED
    every = bound_checks(lab, started.get("facts", {}), policies)
    asked = [q for q in every if not tasks or q.task in tasks or _needed(lab, tasks, q)]
    restart = [] if live_only else lab.rebooted()
    with attempt.cluster(lab) as cluster:
        session = GradingSession(lab, attempt, patient, cluster)
        progress("grade", "live")
        live = session.round([q for q in asked if q.when is None])
        final = live
        if restart:
            progress("restart", ", ".join(restart))
            session.restart(restart)
            progress("grade", "after the restart")
            final = session.round(asked)
    report = _report(lab, attempt, final, live if restart else {}, restart)
    return report if not tasks else replace(report, tasks=[t for t in report.tasks if t.id in tasks])


def _needed(lab: Lab, tasks: Sequence[str], question: BoundCheck) -> bool:
    """Whether one of the tasks in `tasks` needs the check's task: then it is evaluated too, to tell what is blocked."""
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
    final: Mapping[BoundCheck, CheckResult],
    live: Mapping[BoundCheck, CheckResult],
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


def _check(question: BoundCheck, verdict: CheckResult, live: CheckResult | None) -> CheckReport:
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
    """The task with its failed checks as blocked, since a task that it needs has not passed; passed checks count."""
    checks = [replace(c, outcome=Outcome.BLOCKED) if c.outcome is Outcome.FAILED else c for c in task.checks]
    return replace(task, checks=checks)
