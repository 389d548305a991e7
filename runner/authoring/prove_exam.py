"""Prove that questions of an exam which share a cluster do not disturb each other.

All of them pass when they are solved in the exam's order, in reverse and in a shuffled order; and no solution changes
the outcome of another question's checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts, new_id
from rung.runner.authoring.prove import SCRIPT_SECONDS
from rung.runner.core.journal import EventJournal
from rung.runner.core.progress import Progress, silent
from rung.runner.core.seeded_random import shuffled
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.exams.cluster_sharing import shares
from rung.runner.exams.compose import compose
from rung.runner.exams.definition import Exam
from rung.runner.grading.grade import grade
from rung.runner.lab.model import Lab

Outcomes = Mapping[str, str]  # `task.check` -> outcome


@dataclass(frozen=True)
class ExamProof:
    """The proof of an exam: the groups that were tried, and what is wrong with them."""

    exam: str
    seed: int
    groups: tuple[tuple[str, ...], ...]  # the labs that share a cluster
    why: tuple[str, ...] = ()  # a sentence for each failure

    @property
    def ok(self) -> bool:
        return not self.why


def prove_exam(exam: Exam, driver: Drivers, *, seed: int = 1, progress: Progress = silent) -> ExamProof:
    """Draw an exam, and prove each group of its questions that shares a cluster.

    Raises UsageError where nothing can be drawn or a lab is not trusted, LabFileError, EnvironmentBroken.
    """
    paper = compose(exam, seed, driver.capabilities_for)
    labs = {question.number: question.load() for question in paper.questions}
    groups: dict[str, list[Lab]] = {}
    for number, word in shares(labs).items():
        groups.setdefault(word, []).append(labs[number])
    why = [sentence for group in groups.values() for sentence in prove_group(group, driver, seed, progress)]
    return ExamProof(exam.name, seed, tuple(tuple(lab.name for lab in group) for group in groups.values()), tuple(why))


def prove_group(labs: Sequence[Lab], driver: Drivers, seed: int, progress: Progress = silent) -> Iterator[str]:
    """Solve labs that share a cluster in three orders, each on new machines; a sentence for each failure."""
    names = [lab.name for lab in labs]
    orders = {"in order": names, "in reverse": names[::-1], "shuffled": shuffled(seed, "proof", names)}
    for called, order in orders.items():
        yield from _in_order(labs, order, called, driver, progress)


def _in_order(
    labs: Sequence[Lab], order: Sequence[str], called: str, driver: Drivers, progress: Progress
) -> Iterator[str]:
    by_name = {lab.name: lab for lab in labs}
    made: dict[str, Attempt] = {}
    share = new_id()
    try:
        for name, lab in by_name.items():
            progress("start", f"{name}, {called}")
            made[name] = _started(lab, driver, share)
        outcomes = partial(_outcomes, by_name, made)
        expected = {name: outcomes(name) for name in order} if called == "in order" else {}
        for name in order:
            progress("solve", f"{name}, {called}")
            solution = (by_name[name].folder / "solution.sh").read_text("utf-8")
            made[name].run_script(solution, by_name[name], timeout=SCRIPT_SECONDS)
            if expected:
                yield from _disturbed(name, expected, outcomes)
        for name in order:
            report = grade(by_name[name], made[name], live_only=True)
            for check, found in report.checks().items():
                if not found.passed:
                    yield f"{called}: {name} {check} does not pass: {'; '.join(found.reasons) or found.error}"
    finally:
        for attempt in made.values():
            driver.destroy(attempt.id)
            EventJournal.of(attempt.id).path.unlink(missing_ok=True)


def _started(lab: Lab, driver: Drivers, share: str) -> Attempt:
    """Start an attempt for the proof; if that fails, its journal is removed too."""
    identity = new_id()
    try:
        return Attempts(driver).start(lab, attempt=identity, share=share)
    except BaseException:
        EventJournal.of(identity).path.unlink(missing_ok=True)
        raise


def _outcomes(labs: Mapping[str, Lab], made: Mapping[str, Attempt], name: str) -> Outcomes:
    report = grade(labs[name], made[name], live_only=True, patient=False)
    return {check: found.outcome.value for check, found in report.checks().items()}


def _disturbed(solved: str, expected: dict[str, Outcomes], outcomes: Callable[[str], Outcomes]) -> Iterator[str]:
    """A sentence for each outcome of the other labs that solving one has changed; updates `expected`."""
    del expected[solved]
    for name, before in expected.items():
        now = outcomes(name)
        for check, outcome in now.items():
            if outcome != before.get(check):
                yield f"{solved} changes {name}: {check} was {before.get(check)} and is {outcome}"
        expected[name] = now
