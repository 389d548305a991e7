"""Locks between processes: one holder at a time. The system releases a lock when its process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken

_PAUSE = 0.05  # seconds between two tries
_FOREVER = -1.0  # as filelock takes it


@contextmanager
def file_lock(path: Path, wait: float = 0.0) -> Iterator[bool]:
    """Hold the lock of a file during the block; yields True if it was acquired within `wait` seconds.

    A negative `wait` waits for ever. The file is not removed afterwards. Raises EnvironmentBroken where it cannot be
    created (a full disk).
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
        raise EnvironmentBroken(f"The lock file {path} cannot be created: {error.strerror}.") from error
    try:
        yield acquired
    finally:
        lock.release()


@contextmanager
def queued_lock(path: Path, busy: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a file during the block; waits as long as another process holds it.

    busy: called once, before a wait. Raises EnvironmentBroken where the lock file cannot be created.
    """
    with ExitStack() as stack:
        if not stack.enter_context(file_lock(path)):
            busy()
            stack.enter_context(file_lock(path, wait=_FOREVER))
        yield


@contextmanager
def folder_lock(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of a folder during the block; yields whether it was acquired: always, if it may `wait`.

    It serves where a lock file would be in the way: beside an author's labs, and in a temporary folder that is removed
    with its lock. filelock cannot lock folders. Raises OSError where the folder does not exist.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            acquired = True
        except BlockingIOError:
            acquired = False
        yield acquired
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether any process, this one included, holds the lock of this file."""
    if not path.exists():
        return False
    with file_lock(path) as acquired:
        return not acquired
