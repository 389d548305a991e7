"""One at a time, among all processes: a lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken

_PAUSE = 0.05


@contextmanager
def file_lock(path: Path, wait: float = 0.0) -> Iterator[bool]:
    """Hold the lock of that name; whether it was had within `wait` seconds. Raises EnvironmentBroken (disk full)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("ab")
    except OSError as error:
        raise EnvironmentBroken(f"The lock {path} cannot be made: {error.strerror}.") from error
    with lock:
        until = time.monotonic() + wait
        held = _try(lock.fileno())
        while not held and time.monotonic() < until:
            time.sleep(_PAUSE)
            held = _try(lock.fileno())
        yield held


def is_locked(path: Path) -> bool:
    """Whether some process holds the lock of that name."""
    if not path.exists():
        return False
    with file_lock(path) as free:
        return not free


def _try(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
