"""Prove many labs: the turns of all of them share one thread pool, so that a slow lab does not delay the others."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from itertools import zip_longest
from pathlib import Path

from rung.runner.authoring import proof_records
from rung.runner.authoring.proof import Proof, Step, StepReport
from rung.runner.authoring.prove import Prover, proof_of, turns_of
from rung.runner.core.errors import EnvironmentBroken, RungError
from rung.runner.core.progress import Progress, silent
from rung.runner.core.threads import for_each
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.lab import loader

_MIXED = 4  # labs whose turns are interleaved


def default_jobs() -> int:
    """Steps in parallel by default: processor cores + 2, since much of a step is waiting."""
    return (os.cpu_count() or 1) + 2


def prove_all(
    folders: Sequence[Path],
    driver: Drivers,
    *,
    jobs: int | None = None,
    keep: bool = False,
    seed: int = 1,
    record: bool = True,
    progress: Progress = silent,
    done: Callable[[Proof], None] = lambda _proof: None,
) -> list[Proof]:
    """Prove the labs in `folders`, and return their proofs in the same order.

    `jobs`: steps in parallel, by default `default_jobs()`; `keep` and `seed`: as for `prove`; `record`: record proven
    labs in the nearest `proofs.json` above them. `progress("prove", "lab: step")` is called in a worker thread as each
    step begins, `done(proof)` as each lab ends.

    On an interrupt the machines of running steps are removed before it is raised. Clusters made for several labs are
    removed at the end. Raises EngineGone, and UsageError for a lab that is not trusted.
    """

    def ended(proof: Proof) -> None:
        if record and proof.ok:
            proof_records.record([proof.folder])
        done(proof)

    run = _PoolRun(driver, keep, seed, progress, ended)
    with (
        no_clusters_left(driver, folders),
        ThreadPoolExecutor(jobs or default_jobs(), thread_name_prefix="prove") as pool,
    ):
        try:
            found = run.all(folders, pool)
        except BaseException:
            run.stopping.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return found


@contextmanager
def no_clusters_left(driver: Drivers, folders: Sequence[Path]) -> Iterator[None]:
    """Remove the spare clusters that proofs leave, unless one lab alone was proven: it is often proven again soon,
    and then finds its cluster ready."""
    if len(set(folders)) == 1:
        yield
        return
    before = {kept.name for kept in driver.spares()}
    try:
        yield
    finally:
        with suppress(EnvironmentBroken):  # `rung status` shows it; the proofs count more than this error
            for_each([k.name for k in driver.spares() if k.ready and k.name not in before], driver.release)


class Interrupted(BaseException):
    """Raised inside a step to end it and remove its machine."""


class _PoolRun:
    """Runs the turns of all labs in a pool."""

    def __init__(
        self, driver: Drivers, keep: bool, seed: int, progress: Progress, done: Callable[[Proof], None]
    ) -> None:
        self.prover = Prover(driver, keep, seed, self._raise_if_stopping, self._begin_step)
        self.progress, self.done = progress, done
        self.stopping = threading.Event()

    def all(self, folders: Sequence[Path], pool: ThreadPoolExecutor) -> list[Proof]:
        """Run every turn; the proofs in the order of `folders`."""
        pending: dict[Path, list[Future[list[StepReport]]]] = {folder: [] for folder in folders}
        for folder, turn in interleaved_turns(sorted(pending, key=nodes_kept)):
            pending[folder].append(pool.submit(self.prover.turn, folder, turn))
        waiting = {future for futures in pending.values() for future in futures}
        found: dict[Path, Proof] = {}
        while waiting:
            ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                future.result()  # errors that are not part of a proof (EngineGone) end the run
            for folder in [f for f, futures in pending.items() if f not in found and not waiting & set(futures)]:
                found[folder] = proof_of(folder, [r for future in pending[folder] for r in future.result()])
                self.done(found[folder])
        return [found[folder] for folder in pending]

    def _begin_step(self, folder: Path, step: Step) -> None:
        what = f"{folder.resolve().name}: {step.name}"
        self._raise_if_stopping("prove", what)
        self.progress("prove", what)

    def _raise_if_stopping(self, _step: str, _what: str) -> None:
        if self.stopping.is_set():
            raise Interrupted


def interleaved_turns(folders: Sequence[Path]) -> Iterator[tuple[Path, list[Step]]]:
    """The turns of four labs at a time, one of each by turns: while one lab waits for its pods, another computes."""
    for at in range(0, len(folders), _MIXED):
        rows = zip_longest(*[[(folder, turn) for turn in turns_of(folder)] for folder in folders[at : at + _MIXED]])
        yield from (each for row in rows for each in row if each is not None)


def nodes_kept(folder: Path) -> int:
    """Nodes of the cluster that a lab leaves for the next one.

    Each takes an eighth of a core while idle, so labs that leave many are proven last.
    """
    try:
        cluster = loader.load(folder).cluster
    except RungError:
        return 0
    return len(cluster.nodes) if cluster is not None and cluster.scope == "namespace" else 0
