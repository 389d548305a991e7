"""Makes a spare cluster for the next lab, in a background process while the learner works."""

from __future__ import annotations

from collections.abc import Sequence

from rung.runner.core.background import launch_rung
from rung.runner.drivers.base.plan import SpareCluster
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.drivers.kind.pool import ROOM
from rung.runner.engine.host import available_memory
from rung.runner.lab.model import Lab


def spare_unwanted(driver: Drivers, workers: int, free: int | None = None) -> str | None:
    """Why no spare cluster with this many workers is to be made; None where one is.

    `free`: bytes of free memory, by default those of this computer.
    """
    return _unwanted(driver.spares(), workers, free)


def _unwanted(every: Sequence[SpareCluster], workers: int, free: int | None = None) -> str | None:
    if any(kept.expected == 1 + workers and (kept.ready or kept.making) for kept in every):
        return "There is a spare cluster already."
    free = available_memory() if free is None else free
    if free is not None and free < ROOM:
        return f"{free / (1 << 30):.1f} GiB of memory are free; a spare cluster is made only where 6 GiB are."
    return None


def renew_spare(driver: Drivers, lab: Lab) -> None:
    """Make the next cluster ready, if the lab's own cannot be used again after it (`scope: cluster`)."""
    if lab.cluster is not None and lab.cluster.scope == "cluster":  # never so on the user's own cluster
        renew(driver, lab.cluster.workers)


def renew(driver: Drivers, workers: int) -> None:
    """Remove abandoned clusters and make a spare one with this many workers, in the background, if memory allows.

    Call it when an attempt begins whose cluster cannot be used again.
    """
    every = driver.spares()
    left = any(not kept.ready and not kept.making for kept in every)
    if left or _unwanted(every, workers) is None:
        make_spare(workers)


def make_spare(workers: int) -> None:
    """Begin `rung warm` in the background; it prints nothing and outlives this process."""
    launch_rung("warm", "--workers", str(workers))
