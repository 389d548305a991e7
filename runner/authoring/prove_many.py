"""Prove many labs: the turns of all of them share a pool, so that one lab with many mistakes holds up no other."""

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

_MIXED = 4  # labs whose turns are mixed


def default_jobs() -> int:
    """Two steps more than there are processor cores: much of a step is waiting."""
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
    """Prove the labs in `folders`; their proofs, in the same order.

    `progress("prove", "lab: step")` tells each step as it begins, from a thread of its own, and
    `done(proof)` each lab as it ends. With `record` a lab that was proven is entered in the nearest
    `proofs.json` above it. On an interrupt the machines of the steps under way are removed first; of clusters that
    were made for several labs none stays. Raises EngineGone, and UsageError for a lab that is not trusted.
    """

    def ended(proof: Proof) -> None:
        if record and proof.ok:
            proof_records.record([proof.folder])
        done(proof)

    run = _Run(driver, keep, seed, progress, ended)
    with (
        _no_clusters_left(driver, folders),
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
def _no_clusters_left(driver: Drivers, folders: Sequence[Path]) -> Iterator[None]:
    """Remove the clusters that would wait for the next lab when many were proven; whoever proves one lab proves it
    again soon, and finds them ready."""
    if len(set(folders)) == 1:
        yield
        return
    before = {kept.name for kept in driver.spares()}
    try:
        yield
    finally:
        with suppress(EnvironmentBroken):  # it is in `rung status`, and the proofs are what was asked for
            for_each([k.name for k in driver.spares() if k.ready and k.name not in before], driver.release)


class Interrupted(BaseException):
    """Raised inside a step, so that it ends and removes its machine."""


class _Run:
    """The steps of all labs, and which of them are still under way."""

    def __init__(
        self, driver: Drivers, keep: bool, seed: int, progress: Progress, done: Callable[[Proof], None]
    ) -> None:
        self.prover = Prover(driver, keep, seed, self._listen, self._tell)
        self.progress, self.done = progress, done
        self.stopping = threading.Event()

    def all(self, folders: Sequence[Path], pool: ThreadPoolExecutor) -> list[Proof]:
        pending: dict[Path, list[Future[list[StepReport]]]] = {folder: [] for folder in folders}
        for folder, turn in mixed(sorted(pending, key=nodes_kept)):
            pending[folder].append(pool.submit(self.prover.turn, folder, turn))
        waiting = {future for futures in pending.values() for future in futures}
        found: dict[Path, Proof] = {}
        while waiting:
            ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                future.result()  # what is no part of a proof (the engine is gone) ends all
            for folder in [f for f, futures in pending.items() if f not in found and not waiting & set(futures)]:
                found[folder] = proof_of(folder, [r for future in pending[folder] for r in future.result()])
                self.done(found[folder])
        return [found[folder] for folder in pending]

    def _tell(self, folder: Path, step: Step) -> None:
        what = f"{folder.resolve().name}: {step.name}"
        self._listen("prove", what)
        self.progress("prove", what)

    def _listen(self, _step: str, _what: str) -> None:
        if self.stopping.is_set():
            raise Interrupted


def mixed(folders: Sequence[Path]) -> Iterator[tuple[Path, list[Step]]]:
    """The turns of a few labs at a time, one of each in turn: while one lab waits for its pods, another computes."""
    for at in range(0, len(folders), _MIXED):
        rows = zip_longest(*[[(folder, turn) for turn in turns_of(folder)] for folder in folders[at : at + _MIXED]])
        yield from (each for row in rows for each in row if each is not None)


def nodes_kept(folder: Path) -> int:
    """How many nodes stay for the next lab: each takes an eighth of a core also while nothing is done on it, so
    labs that leave many come last."""
    try:
        cluster = loader.load(folder).cluster
    except RungError:
        return 0
    return len(cluster.nodes) if cluster is not None and cluster.scope == "namespace" else 0
