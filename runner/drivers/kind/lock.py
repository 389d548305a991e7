"""Who takes a cluster, joins one or leaves one: one at a time on this computer, whatever RUNG_HOME they have.

And which clusters a process is making at this moment: nobody else can tell one of them from one that goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import file_lock, is_locked

_SECONDS = 60.0


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of this computer's clusters. Raises EnvironmentBroken where another keeps it for a minute."""
    with file_lock(_folder() / "clusters.lock", _SECONDS) as mine:
        if not mine:
            raise EnvironmentBroken(
                "Another Rung holds the list of clusters for a minute already.",
                fix="Wait until it has ended; `rung status` shows what is being made.",
            )
        yield


@contextmanager
def making(cluster: str) -> Iterator[None]:
    """Let others see, until the end of this block or of this process, that it makes the cluster."""
    path = _making(cluster)
    with file_lock(path, _SECONDS):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_being_made(cluster: str) -> bool:
    """Whether a living process makes the cluster."""
    path = _making(cluster)
    if is_locked(path):
        return True
    path.unlink(missing_ok=True)  # who made it was killed
    return False


def _making(cluster: str) -> Path:
    return _folder() / f"making-{cluster}.lock"


def _folder() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("rung")
