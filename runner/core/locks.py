"""Locks among processes: one holder at a time. A lock ends with its process, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken

_PAUSE = 0.05


@contextmanager
def file_lock(path: Path, wait: float = 0.0) -> Iterator[bool]:
    """Hold the lock of a file for the block; yields whether it was acquired within `wait` seconds.

    The file stays in its place afterwards. Raises EnvironmentBroken where it cannot be made (a full disk).
    """
    from filelock import FileLock, Timeout  # loads asyncio and sqlite3

    lock = FileLock(path, mode=0o600, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait, poll_interval=_PAUSE)
        acquired = True
    except Timeout:
        acquired = False
    except OSError as error:
        raise EnvironmentBroken(f"The lock {path} cannot be made: {error.strerror}.") from error
    try:
        yield acquired
    finally:
        lock.release()


def is_locked(path: Path) -> bool:
    """Whether a process, maybe this one, holds the lock of this file."""
    if not path.exists():
        return False
    with file_lock(path) as acquired:
        return not acquired
