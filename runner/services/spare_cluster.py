"""Creates a spare cluster for the next lab."""

from __future__ import annotations

from rung.runner.core.progress import Progress, silent
from rung.runner.services import current


def unwanted_reason(workers: int) -> str | None:
    """Why no spare cluster with this many workers is to be created; None where one is.

    Abandoned clusters are removed first. Raises EngineGone, EnvironmentBroken.
    """
    from rung.runner.attempts.spare_cluster import spare_unwanted

    driver = current.driver()
    driver.collect_garbage()
    return spare_unwanted(driver, workers)


def create_spare(workers: int, progress: Progress = silent) -> None:
    """Create a spare cluster with this many workers. Raises EnvironmentBroken."""
    from rung.runner.lab.model import ClusterSpec

    current.driver().prepare(ClusterSpec(workers=workers), progress)
