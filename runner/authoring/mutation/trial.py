"""Tries mutants on real machines: runs each on the starting state, grades it, and says whether it was found out.

Mutants share machines: between two of them the attempt is reset. In a lab that uses up its cluster each has its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rung.checks.core.channel import CommandTimeout
from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import missing_capabilities
from rung.runner.attempts.setup import ScriptFailed, run_script
from rung.runner.authoring import verdicts
from rung.runner.authoring.mutation.mutants import Mutant
from rung.runner.authoring.prove import ITS_OWN, SCRIPT_SECONDS, fresh_attempt
from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.grading.grade import grade
from rung.runner.grading.report import Report
from rung.runner.lab.model import Lab

_LEAST_SECONDS = 20.0  # for a mutant's script
_FEWEST = 4  # mutants that share a machine, if there are so many
_TIMES_LONGER = 2.0  # how much longer than the solution a mutant's script may take


class Fate(StrEnum):
    """What became of a mutant. All but `survived` are killed."""

    SURVIVED = "survived"  # it earned all points
    KILLED = "killed"  # a check found it out
    LATE = "late"  # its script ran into the time limit
    BROKEN = "broken"  # it broke the machine, or something that the grader needs


@dataclass(frozen=True)
class Tried:
    """A mutant that was tried. `why`: the checks that it fails (`task.check`), or what went wrong as a sentence."""

    mutant: Mutant
    fate: Fate
    why: tuple[str, ...] = ()
    seconds: float = 0.0
    kept: str | None = None  # the id of the attempt whose machine was kept

    @property
    def survived(self) -> bool:
        return self.fate is Fate.SURVIVED


@dataclass(frozen=True)
class Baseline:
    """The unchanged solution, tried first: without it nothing would tell a killed mutant from a broken lab."""

    seconds: float = 0.0  # that the solution's script took
    skipped: str | None = None  # why the lab cannot run on this computer
    why: tuple[str, ...] = ()  # a sentence for each check that the solution fails

    @property
    def limit(self) -> float:
        """Seconds that a mutant's script may take."""
        return min(SCRIPT_SECONDS, _LEAST_SECONDS + _TIMES_LONGER * self.seconds)


@dataclass(frozen=True)
class Trials:
    """Runs trials. `begins` is called with the lab and the mutant before each; `keep` keeps a survivor's machine."""

    driver: Drivers
    keep: bool = False
    progress: Progress = silent
    begins: Callable[[Lab, Mutant | None], None] = lambda _lab, _mutant: None

    def baseline(self, lab: Lab) -> Baseline:
        """Try the solution. Raises EngineGone, and UsageError where the lab is not trusted."""
        if lacking := missing_capabilities(lab, self.driver):
            return Baseline(skipped="; ".join(f"{name}: {why}" for name, why in sorted(lacking.items())))
        self.begins(lab, None)
        script = lab.folder / "solution.sh"
        try:
            with fresh_attempt(self.driver, lab, [], keep=False, progress=self.progress) as attempt:
                began = time.monotonic()
                run_script(
                    self.driver, attempt.id, lab, script.read_text("utf-8"), name=script.name, timeout=SCRIPT_SECONDS
                )
                seconds = time.monotonic() - began
                return Baseline(seconds, why=tuple(verdicts.everything_passes(grade(lab, attempt), script.name)))
        except EngineGone:
            raise
        except ITS_OWN as error:
            return Baseline(why=(str(error),))

    def try_all(self, lab: Lab, mutants: Sequence[Mutant], limit: float, declared: Collection[str] = ()) -> list[Tried]:
        """Try mutants one after the other. `limit`: seconds for each script; `declared`: survivors that are not kept.

        Raises EnvironmentBroken where a machine cannot be made, twice in a row; else as `baseline`.
        """
        found: list[Tried] = []
        failed = False
        while left := mutants[len(found) :]:
            before = len(found)
            try:
                self._on_a_machine(lab, left, limit, declared, found)
            except EngineGone:
                raise
            except ITS_OWN as error:
                if failed and len(found) == before:
                    raise EnvironmentBroken(f"{lab.name} could not be started: {error}") from error
            failed = len(found) == before
        return found

    def _on_a_machine(
        self, lab: Lab, mutants: Sequence[Mutant], limit: float, declared: Collection[str], found: list[Tried]
    ) -> None:
        """Try mutants on one machine, and add them to `found`, until a machine is kept or used up."""
        kept: list[str] = []
        began = time.monotonic()
        with fresh_attempt(self.driver, lab, kept, keep=False, progress=self.progress) as attempt:
            for number, mutant in enumerate(mutants):
                self.begins(lab, mutant)
                if number:
                    attempt.reset(self.progress)
                tried = self._tried(lab, attempt, mutant, limit)
                keeps = self.keep and tried.survived and mutant.id not in declared
                kept += [attempt.id] if keeps else []
                found.append(replace(tried, seconds=time.monotonic() - began, kept=attempt.id if keeps else None))
                began = time.monotonic()
                if keeps or is_used_up(lab):
                    return

    def _tried(self, lab: Lab, attempt: Attempt, mutant: Mutant, limit: float) -> Tried:
        failed: tuple[str, ...] = ()
        try:
            try:
                run_script(self.driver, attempt.id, lab, mutant.text, name=mutant.source, timeout=limit)
            except ScriptFailed as error:
                if isinstance(error.__cause__, CommandTimeout):
                    return Tried(mutant, Fate.LATE, (str(error),))
                failed = ("its script ends with an error",)  # a learner's half work is graded, too
            report = grade(lab, attempt, patient=False)
        except EngineGone:
            raise
        except ITS_OWN as error:
            return Tried(mutant, Fate.BROKEN, (str(error),))
        if report.broken:
            names = [f"{name} could not be asked: {c.error}" for name, c in report.checks().items() if c.error]
            return Tried(mutant, Fate.BROKEN, tuple(names))
        if report.points and report.score >= report.points:
            return Tried(mutant, Fate.SURVIVED, failed)
        return Tried(mutant, Fate.KILLED, (*_failing(report), *failed))


def _failing(report: Report) -> list[str]:
    return [name for name, check in report.checks().items() if not check.passed]


def is_used_up(lab: Lab) -> bool:
    """Whether an attempt uses up its cluster, so that a reset costs a new one."""
    return lab.cluster is not None and lab.cluster.scope == "cluster"


def shares(lab: Lab, mutants: Sequence[Mutant], jobs: int) -> list[Sequence[Mutant]]:
    """The mutants in groups that run side by side, each on its own machine."""
    size = 1 if is_used_up(lab) else max(_FEWEST, -(-len(mutants) // jobs))
    return [mutants[at : at + size] for at in range(0, len(mutants), size)]
