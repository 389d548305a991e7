"""Make a cluster ready for the next lab."""

from __future__ import annotations

from rung.runner.core.progress import Progress, silent
from rung.runner.services import current


def unwanted_reason(workers: int) -> str | None:
    """Why no spare cluster with so many workers is created now; None where one is wanted.

    Clusters that an earlier reset left are removed first.
    """
    from rung.runner.attempts.spare_cluster import spare_unwanted

    driver = current.driver()
    driver.collect_garbage()
    return spare_unwanted(driver, workers)


def create_spare(workers: int, progress: Progress = silent) -> None:
    """Create a cluster with so many workers that no attempt uses yet."""
    from rung.runner.lab.model import ClusterSpec

    current.driver().prepare(ClusterSpec(workers=workers), progress)
