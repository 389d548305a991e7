"""Prove a lab: nothing passes untouched, each right answer passes, each mistake fails what it names.

Each step has a machine of its own, fresh from the start, so that the steps can run in any order, side by side.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rung.checks.machine import CommandTimeout, MachineGone
from rung.runner import labfile
from rung.runner.attempt import Attempt, Attempts, missing_capabilities, new_id
from rung.runner.authoring import verdicts
from rung.runner.authoring.proof import AGAIN, SOLUTION, Proof, Step, StepReport, steps
from rung.runner.drivers import Driver, Progress, silent
from rung.runner.errors import EngineGone, EnvironmentBroken, LabFileError, Mistake
from rung.runner.grading import grade
from rung.runner.journal import Journal
from rung.runner.lab import Lab
from rung.runner.provision import run_script
from rung.runner.report import Report
from rung.runner.scripts import ScriptMistake, header

SCRIPT_SECONDS = 120.0
_SEEDS_TRIED = 50
# What goes wrong with one step's machine, and is no matter of the other steps'.
_ITS_OWN = (EnvironmentBroken, MachineGone, CommandTimeout)


def prove(folder: Path, driver: Driver, *, keep: bool = False, seed: int = 1, progress: Progress = silent) -> Proof:
    """Prove the lab in `folder`, one step after the other, on `driver`'s machines.

    With `keep` the machine of a step that fails stays, and the step's report names its attempt. Raises
    EngineGone where the engine stops answering, UsageError where the lab is not trusted; whatever is wrong
    with the lab itself is in the proof.
    """
    found = []
    for step in steps_of(folder):
        progress("prove", f"{folder.resolve().name}: {step.name}")
        found.append(prove_step(folder, step, driver, keep=keep, seed=seed, progress=progress))
    return Proof(folder.resolve().name, folder, found)


def steps_of(folder: Path) -> list[Step]:
    """The steps to go through: of a lab that cannot be read only the first, which tells its mistakes."""
    try:
        labfile.load(folder)
    except LabFileError:
        return steps(folder)[:1]
    return steps(folder)


def prove_step(
    folder: Path, step: Step, driver: Driver | None, *, keep: bool = False, seed: int = 1, progress: Progress = silent
) -> StepReport:
    """One step of a lab's proof; the step `text` needs no driver. Raises as `prove` does."""
    began = time.monotonic()
    if not step.needs_machine:
        from rung.runner.authoring.lint import lint

        report = StepReport(step.name, tuple(map(str, lint(folder, advice=False))))
    else:
        assert driver is not None
        report = _on_a_machine(folder, step, driver, keep=keep, seed=seed, progress=progress)
    return replace(report, seconds=time.monotonic() - began)


def second_seed(folder: Path, seed: int) -> int:
    """A seed that draws other values than `seed` does: all of them others, if one of the next 50 does so.

    `seed` itself for a lab that draws nothing. Raises LabFileError.
    """
    values = labfile.load(folder, seed).values
    best, most = seed, 0
    for other in range(seed + 1, seed + 1 + _SEEDS_TRIED):
        drawn = labfile.load(folder, other).values
        differing = sum(drawn[name] != value for name, value in values.items())
        if differing > most:
            best, most = other, differing
        if most == len(values):
            break
    return best


def _on_a_machine(folder: Path, step: Step, driver: Driver, *, keep: bool, seed: int, progress: Progress) -> StepReport:
    try:
        lab = labfile.load(folder, second_seed(folder, seed) if step.name == AGAIN else seed)
    except LabFileError as error:
        return StepReport(step.name, tuple(str(m) for m in error.mistakes))
    if lacking := missing_capabilities(lab, driver):
        return StepReport(step.name, skipped="; ".join(f"{name}: {why}" for name, why in sorted(lacking.items())))
    kept: list[str] = []
    try:
        with _fresh(driver, lab, kept, keep=keep, progress=progress) as attempt:
            why = _tried(step, lab, attempt, driver)
            if keep and why:
                kept.append(attempt.id)
    except EngineGone:
        raise
    except (*_ITS_OWN, LabFileError, ScriptMistake) as error:
        why = [str(error)]
    return StepReport(step.name, tuple(why), kept=kept[0] if kept else None)


@contextmanager
def _fresh(driver: Driver, lab: Lab, kept: list[str], *, keep: bool, progress: Progress) -> Iterator[Attempt]:
    """An attempt in its starting state, removed afterwards with its journal unless it is in `kept`."""
    identity = new_id()
    try:
        yield Attempts(driver).start(lab, keep=keep, progress=progress, attempt=identity)
    except EngineGone:
        raise
    except _ITS_OWN:
        # A script that failed is worth a look, too: also setup.sh, where there is a machine to look at.
        made = keep and any(found.attempt == identity for found in driver.attempts())
        kept += [identity] if made else []
        raise
    finally:
        if identity not in kept:
            _removed(driver, identity)


def _removed(driver: Driver, identity: str) -> None:
    """Nothing stays of an attempt that served a proof, which is no learner's record."""
    driver.destroy(identity)
    Journal.of(identity).path.unlink(missing_ok=True)


def _tried(step: Step, lab: Lab, attempt: Attempt, driver: Driver) -> list[str]:
    """Bring the machine into the step's state, grade it, and say what is wrong with the report."""
    if step.script is None:
        report = grade(lab, attempt, patient=False)
        return verdicts.untouched(report) + _repeated(lab, attempt, report)
    if step.name.startswith("wrong/"):
        head = header(_text(step.script))
        if head.after == "solution":
            _run(driver, attempt, lab, lab.folder / "solution.sh")
        _run(driver, attempt, lab, step.script)
        return verdicts.fails_exactly(grade(lab, attempt, patient=False), head)
    _run(driver, attempt, lab, step.script)
    report = grade(lab, attempt)
    found = verdicts.everything_passes(report, step.script.name)
    return found + (_repeated(lab, attempt, report) if step.name == SOLUTION else [])


def _repeated(lab: Lab, attempt: Attempt, first: Report) -> list[str]:
    """Grade once more; a machine that was restarted already is restarted again only where a check asks for it."""
    restart = any(check.when for check in first.checks().values())
    return verdicts.same(first, grade(lab, attempt, patient=first.passed, live_only=not restart))


def _run(driver: Driver, attempt: Attempt, lab: Lab, script: Path) -> None:
    name = script.relative_to(lab.folder).as_posix()
    run_script(driver, attempt.id, lab, _text(script), name=name, timeout=SCRIPT_SECONDS)


def _text(script: Path) -> str:
    try:
        return script.read_text("utf-8")
    except FileNotFoundError:
        raise LabFileError([Mistake(script, 1, 1, "this file does not exist")]) from None
    except UnicodeDecodeError:
        raise LabFileError([Mistake(script, 1, 1, "this is not UTF-8 text")]) from None
