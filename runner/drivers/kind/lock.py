"""Locks on this computer's clusters, the same for every RUNG_HOME.

One lock for whoever takes, joins or leaves a cluster; and one for each cluster that is being made: a half-made cluster
looks like one being removed, and this lock tells them apart.
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
    """Hold the lock of this computer's clusters. Raises EnvironmentBroken where another process keeps it for 60 s."""
    with file_lock(_folder() / "clusters.lock", _SECONDS) as locked:
        if not locked:
            raise EnvironmentBroken(
                "Another Rung process has held the lock of the clusters for a minute.",
                fix="Wait until it ends; `rung status` shows what is being made.",
            )
        yield


@contextmanager
def making(cluster: str) -> Iterator[None]:
    """Show others that this process makes the cluster, until the block or the process ends.

    The file stays: one that is removed under its lock would let a second process lock another file of that name.
    """
    with file_lock(_making(cluster), _SECONDS):
        yield


def is_being_made(cluster: str) -> bool:
    """Whether a living process is making the cluster."""
    return is_locked(_making(cluster))


def forget(cluster: str) -> None:
    """Remove the lock file of a cluster that is gone; its id is never used again."""
    _making(cluster).unlink(missing_ok=True)


def _making(cluster: str) -> Path:
    return _folder() / f"making-{cluster}.lock"


def _folder() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("rung")
