"""Processes told apart for good: by id and start time, so that a later one of the same id is not meant."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_END_SECONDS = 8.0


def this_process() -> str:
    """This process, so that another one can tell whether it still lives."""
    return _alive_as(os.getpid()) or str(os.getpid())


def is_alive(process: str) -> bool:
    """Whether a process that `this_process` told of lives on this computer."""
    pid = process.partition(":")[0]
    return pid.isdigit() and _alive_as(int(pid)) == process


def terminate(process: str) -> None:
    """Ask a process that `this_process` told of to end (unless it is this one), and wait for it."""
    if process == this_process() or not is_alive(process):
        return
    pid, until = int(process.partition(":")[0]), time.monotonic() + _END_SECONDS
    try:
        os.kill(pid, signal.SIGTERM)
        while is_alive(process):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
    except OSError:
        return  # it has ended, or is another user's


def _alive_as(pid: int) -> str | None:
    """`pid:start time` of a living process; without /proc (macOS) the id alone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return f"{pid}:{stat.rsplit(')', 1)[1].split()[19]}"
    except OSError:
        pass
    if Path("/proc/self").exists():
        return None
    try:
        os.kill(pid, 0)
    except OSError:
        return None
    return str(pid)
