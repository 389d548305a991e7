"""Prove a lab: nothing passes untouched, each right answer passes, each wrong answer fails what its head names.

Steps that run one after the other on the same machine make a turn. Each turn begins with a fresh machine, so turns run
in any order and in parallel. Most turns are one step; one goes from the untouched machine to the solution, and from
there to a wrong answer on top of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts, missing_capabilities, new_id
from rung.runner.attempts.setup import run_script
from rung.runner.authoring import verdicts
from rung.runner.authoring.lint import lint
from rung.runner.authoring.proof import AGAIN, SOLUTION, UNTOUCHED, Proof, Step, StepReport, steps
from rung.runner.core.errors import EngineGone, EnvironmentBroken, LabFileError, Mistake
from rung.runner.core.journal import EventJournal
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.grading.grade import grade
from rung.runner.grading.report import Report
from rung.runner.lab import loader
from rung.runner.lab.model import Lab
from rung.runner.lab.scripts import ScriptMistake, header

SCRIPT_SECONDS = 120.0
_SEEDS_TRIED = 50
# Errors of one step's machine, which do not stop the other steps.
ITS_OWN = (EnvironmentBroken, MachineGone, CommandTimeout)


def prove(folder: Path, driver: Drivers, *, keep: bool = False, seed: int = 1, progress: Progress = silent) -> Proof:
    """Prove the lab in `folder` on `driver`'s machines, one step after the other.

    With `keep` the machine of a failed step stays, and the step's report names its attempt. `seed`: draws the lab's
    values. What is wrong with the lab itself is in the proof. Raises EngineGone where the engine stops answering,
    UsageError where the lab is not trusted.
    """
    prover = Prover(driver, keep=keep, seed=seed, progress=progress)
    return proof_of(folder, [report for turn in turns_of(folder) for report in prover.turn(folder, turn)])


def proof_of(folder: Path, reports: Iterable[StepReport]) -> Proof:
    """The proof made of these reports, in the order of the steps."""
    order = {step.name: number for number, step in enumerate(steps_of(folder))}
    return Proof(folder.resolve().name, folder, sorted(reports, key=lambda report: order[report.name]))


def steps_of(folder: Path) -> list[Step]:
    """The steps to run. For a lab that cannot be read only the first (lint), which reports its mistakes."""
    try:
        loader.load(folder)
    except LabFileError:
        return steps(folder)[:1]
    return steps(folder)


def turns_of(folder: Path) -> list[list[Step]]:
    """The same steps, grouped into turns: the steps of a turn share a machine.

    `untouched`, `solution` and one wrong answer on top of the solution share one: learners also grade an untouched
    machine before they solve the lab on it. They do not share where grading restarts machines, since a restart may
    destroy part of the starting state.
    """
    every = steps_of(folder)
    if len(every) == 1 or loader.load(folder).rebooted():
        return [[step] for step in every]
    row = [step for step in every if step.name in (UNTOUCHED, SOLUTION)]
    row += [step for step in every if _on_top(step)][:1]
    return [row, *([step] for step in every if step not in row)]


@dataclass(frozen=True)
class Prover:
    """Runs turns. `begins` is called with the folder and step before each step; only lint can do without a driver."""

    driver: Drivers | None
    keep: bool = False
    seed: int = 1
    progress: Progress = silent
    begins: Callable[[Path, Step], None] = lambda _folder, _step: None

    def turn(self, folder: Path, steps: Sequence[Step]) -> list[StepReport]:
        """Run the steps, and return a report of each; after a failed step the next one begins on a new machine.

        Raises as `prove` does.
        """
        found: list[StepReport] = []
        while left := steps[len(found) :]:
            found += self._on_a_machine(folder, left) if left[0].needs_machine else [self._read(folder, left[0])]
        return found

    def _read(self, folder: Path, step: Step) -> StepReport:
        self.begins(folder, step)
        began = time.monotonic()
        why = tuple(map(str, lint(folder, advice=False)))
        return StepReport(step.name, why, time.monotonic() - began)

    def _on_a_machine(self, folder: Path, steps: Sequence[Step]) -> list[StepReport]:
        """Run the steps on one machine until one fails; the reports of those that ran."""
        assert self.driver is not None
        found: list[StepReport] = []
        kept: list[str] = []
        began = time.monotonic()

        def ended(why: Sequence[str], skipped: str | None = None) -> None:
            nonlocal began
            seconds, began = time.monotonic() - began, time.monotonic()
            if len(found) == len(steps) or (found and found[-1].why):  # an error while its machine is removed
                why = [*found.pop().why, *why]
            found.append(StepReport(steps[len(found)].name, tuple(why), seconds, skipped, kept[0] if kept else None))

        try:
            self.begins(folder, steps[0])
            lab = loader.load(folder, second_seed(folder, self.seed) if steps[0].name == AGAIN else self.seed)
            if lacking := missing_capabilities(lab, self.driver):
                ended((), "; ".join(f"{name}: {why}" for name, why in sorted(lacking.items())))
                return found
            with fresh_attempt(self.driver, lab, kept, keep=self.keep, progress=self.progress) as attempt:
                for step in steps:
                    if found:
                        self.begins(folder, step)
                    why = _tried(step, lab, attempt, self.driver, solved=bool(found))
                    kept += [attempt.id] if self.keep and why else []
                    ended(why)
                    if why:
                        break
            found[-1] = replace(found[-1], seconds=found[-1].seconds + time.monotonic() - began)  # with its removal
        except EngineGone:
            raise
        except (*ITS_OWN, LabFileError, ScriptMistake) as error:
            ended([str(error)])
        return found


def second_seed(folder: Path, seed: int) -> int:
    """A seed that draws other values than `seed` does: of the next 50 seeds the first with the most different values.

    For a lab that draws nothing: `seed` itself. Raises LabFileError.
    """
    values = loader.load(folder, seed).values
    best, most = seed, 0
    for other in range(seed + 1, seed + 1 + _SEEDS_TRIED):
        drawn = loader.load(folder, other).values
        differing = sum(drawn[name] != value for name, value in values.items())
        if differing > most:
            best, most = other, differing
        if most == len(values):
            break
    return best


@contextmanager
def fresh_attempt(driver: Drivers, lab: Lab, kept: list[str], *, keep: bool, progress: Progress) -> Iterator[Attempt]:
    """An attempt in its starting state; afterwards it is removed with its journal, unless its id is in `kept`."""
    identity = new_id()
    try:
        yield Attempts(driver).start(lab, keep=keep, progress=progress, attempt=identity)
    except EngineGone:
        raise
    except ITS_OWN:
        # The machine of a failed script is kept too, also after setup.sh, if there is one.
        made = keep and any(found.attempt == identity for found in driver.attempts())
        kept += [identity] if made else []
        raise
    finally:
        if identity not in kept:
            _removed(driver, identity)


def _removed(driver: Drivers, identity: str) -> None:
    """Remove an attempt with its journal: a proof does not belong into a learner's record."""
    driver.destroy(identity)
    EventJournal.of(identity).path.unlink(missing_ok=True)


def _on_top(step: Step) -> bool:
    """Whether a step is a wrong answer that runs after the solution."""
    try:
        return step.wrong and step.script is not None and header(_text(step.script)).after == "solution"
    except (LabFileError, ScriptMistake):
        return False  # its own turn reports what is wrong with it


def _tried(step: Step, lab: Lab, attempt: Attempt, driver: Drivers, *, solved: bool) -> list[str]:
    """Run the step's script, grade the machine, and return what is wrong with the report, a sentence each.

    `solved`: the solution has already run on this machine, so a wrong answer on top of it does not run it again.
    """
    if step.script is None:
        report = grade(lab, attempt, patient=False)
        return verdicts.untouched(report) + _repeated(lab, attempt, report)
    if step.wrong:
        head = header(_text(step.script))
        if head.after == "solution" and not solved:
            _run(driver, attempt, lab, lab.folder / "solution.sh")
        _run(driver, attempt, lab, step.script)
        return verdicts.fails_exactly(grade(lab, attempt, patient=False), head)
    _run(driver, attempt, lab, step.script)
    report = grade(lab, attempt)
    found = verdicts.everything_passes(report, step.script.name)
    return found + (_repeated(lab, attempt, report) if step.name == SOLUTION else [])


def _repeated(lab: Lab, attempt: Attempt, first: Report) -> list[str]:
    """Grade once more, and compare; a second restart happens only where a check has `when: rebooted`."""
    restart = any(check.when for check in first.checks().values())
    return verdicts.same(first, grade(lab, attempt, patient=first.passed, live_only=not restart))


def _run(driver: Drivers, attempt: Attempt, lab: Lab, script: Path) -> None:
    name = script.relative_to(lab.folder).as_posix()
    run_script(driver, attempt.id, lab, _text(script), name=name, timeout=SCRIPT_SECONDS)


def _text(script: Path) -> str:
    try:
        return script.read_text("utf-8")
    except FileNotFoundError:
        raise LabFileError([Mistake(script, 1, 1, "this file does not exist")]) from None
    except UnicodeDecodeError:
        raise LabFileError([Mistake(script, 1, 1, "this is not UTF-8 text")]) from None
