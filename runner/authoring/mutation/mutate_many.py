"""Tries the mutants of many labs: a few labs at a time, whose trials share one thread pool."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rung.runner.authoring.mutation import declared, records
from rung.runner.authoring.mutation.declared import DeclaredMutant
from rung.runner.authoring.mutation.lab_mutation import LabMutation
from rung.runner.authoring.mutation.mutants import Mutant, choose, most, mutants
from rung.runner.authoring.mutation.pack import operators_of
from rung.runner.authoring.mutation.trial import Baseline, Trials, Tried, shares
from rung.runner.authoring.prove_many import Interrupted, default_jobs, no_clusters_left, nodes_kept
from rung.runner.core.errors import EngineGone, EnvironmentBroken, LabFileError, UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.core.text import did_you_mean
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

_AT_A_TIME = 3  # labs: while one waits for its last mutants, the others use the machines


def mutate_all(
    folders: Sequence[Path],
    driver: Drivers,
    *,
    operator: str | None = None,
    jobs: int | None = None,
    keep: bool = False,
    record: bool = True,
    progress: Progress = silent,
    done: Callable[[LabMutation], None] = lambda _result: None,
) -> list[LabMutation]:
    """Try the mutants of the labs in `folders`; the results in the same order.

    `operator`: try the mutants of this operator alone, and record nothing; `jobs`: machines in parallel, by default
    two more than processor cores; `keep`: keep the machine of each undeclared survivor; `record`: record labs whose
    survivors are all declared. `progress("mutate", "lab: 3 of 48")` is called in a worker thread as each trial begins,
    `done(result)` as each lab ends.

    On an interrupt the machines of running trials are removed before it is raised. Raises EngineGone, and UsageError
    for a lab that is not trusted and for an operator that no lab knows.
    """
    if operator is not None:
        _require_operator(operator, folders)

    def ended(result: LabMutation) -> None:
        if record and operator is None:
            records.record([result])
        done(result)

    number = jobs or default_jobs()
    run = _PoolRun(driver, operator, number, keep, progress, ended)
    with no_clusters_left(driver, folders), ThreadPoolExecutor(number, thread_name_prefix="mutate") as pool:
        try:
            return run.all(folders, pool)
        except BaseException:
            run.stopping.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _require_operator(name: str, folders: Sequence[Path]) -> None:
    known = sorted({each.name for folder in folders for each in operators_of(folder)})
    if name not in known:
        raise UsageError(
            f"There is no operator `{name}`{did_you_mean(name, known)}", fix=f"Operators: {', '.join(known)}."
        )


@dataclass
class _Work:
    """A lab under way. `begun`: how many of its trials have begun."""

    folder: Path
    lab: Lab | None = None
    chosen: Sequence[Mutant] = ()
    left_out: int = 0
    declared: dict[str, DeclaredMutant] = field(default_factory=dict)
    baseline: Baseline = field(default_factory=Baseline)
    why: tuple[str, ...] = ()
    tried: list[Tried] = field(default_factory=list)
    begun: int = 0
    waiting: set[Future[list[Tried]]] = field(default_factory=set)

    def result(self) -> LabMutation:
        order = {mutant.id: number for number, mutant in enumerate(self.chosen)}
        tried = sorted(self.tried, key=lambda each: order[each.mutant.id])
        why = self.why or tuple(f"without a mutation: {each}" for each in self.baseline.why)
        seconds = self.baseline.seconds + sum(each.seconds for each in tried)
        name = self.folder.resolve().name
        return LabMutation(name, self.folder, tried, self.declared, self.left_out, why, self.baseline.skipped, seconds)


class _PoolRun:
    """Runs the trials of all labs in a pool."""

    def __init__(
        self,
        driver: Drivers,
        operator: str | None,
        jobs: int,
        keep: bool,
        progress: Progress,
        done: Callable[[LabMutation], None],
    ) -> None:
        self.trials = Trials(driver, keep, self._raise_if_stopping, self._begin)
        self.operator, self.jobs, self.progress, self.done = operator, jobs, progress, done
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.works: dict[str, _Work] = {}  # by the lab's folder

    def all(self, folders: Sequence[Path], pool: ThreadPoolExecutor) -> list[LabMutation]:
        """Try everything; the results in the order of `folders`, each lab once."""
        ordered = list(dict.fromkeys(folders))
        left = sorted(ordered, key=nodes_kept)
        preparing: dict[Future[None], _Work] = {}
        active: list[_Work] = []
        found: dict[Path, LabMutation] = {}
        while left or active:
            while left and len(active) < _AT_A_TIME:
                work = _Work(left.pop(0))
                self.works[str(work.folder.resolve())] = work
                active.append(work)
                preparing[pool.submit(self._prepare, work)] = work
            running: list[Future[Any]] = [*preparing, *(future for work in active for future in work.waiting)]
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in [each for each in preparing if each in ended]:
                future.result()
                self._submit(preparing.pop(future), pool)
            for work in active:
                self._collect(work, ended)
            for work in [w for w in active if not w.waiting and w not in preparing.values()]:
                active.remove(work)
                found[work.folder] = work.result()
                self.done(found[work.folder])
        return [found[folder] for folder in ordered]

    def _prepare(self, work: _Work) -> None:
        """Read the lab, choose its mutants, and try its solution."""
        try:
            work.lab = lab = loader.load(work.folder, records.SEED)
            operators = operators_of(work.folder)
            every = mutants(lab, operators)
            declared.check(work.folder, every, [each.name for each in operators])
            work.declared = declared.read(work.folder)
            wanted = [each for each in every if self.operator in (None, each.operator)]
            picked = choose(wanted, most(lab), operators)
            work.chosen, work.left_out = picked.chosen, picked.left_out
        except LabFileError as error:
            work.why = tuple(map(str, error.mistakes))
            return
        if not (work.folder / "solution.sh").is_file():
            work.why = ("this lab has no solution.sh",)
        elif work.chosen:
            work.baseline = self.trials.baseline(lab)

    def _submit(self, work: _Work, pool: ThreadPoolExecutor) -> None:
        if work.lab is None or work.why or work.baseline.why or work.baseline.skipped:
            return
        for group in shares(work.lab, work.chosen, self.jobs):
            limit, names = work.baseline.limit, work.declared.keys()
            work.waiting.add(pool.submit(self.trials.try_all, work.lab, group, limit, names))

    @staticmethod
    def _collect(work: _Work, ended: set[Future[Any]]) -> None:
        for future in [each for each in work.waiting if each in ended]:
            work.waiting.remove(future)
            try:
                work.tried += future.result()
            except EngineGone:
                raise
            except EnvironmentBroken as error:
                work.why = (str(error),)

    def _begin(self, lab: Lab, mutant: Mutant | None) -> None:
        self._raise_if_stopping("mutate", lab.name)
        work = self.works[str(lab.folder.resolve())]
        with self.lock:
            work.begun += mutant is not None
            what = f"{work.begun} of {len(work.chosen)}" if mutant is not None else "solution"
        self.progress("mutate", f"{lab.name}: {what}")

    def _raise_if_stopping(self, _step: str, _what: str) -> None:
        if self.stopping.is_set():
            raise Interrupted
