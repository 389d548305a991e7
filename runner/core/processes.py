"""Processes identified by id and start time, so that a later process with the same id is a different one.

psutil does not replace this: its create time changes with the computer's clock, and identities are compared
hours later.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from rung.runner.core.polling import poll

_TERM_SECONDS = 8.0
_KILL_SECONDS = 2.0  # a process in an uninterruptible system call outlives SIGKILL
_DEAD = ("Z", "X", "x")  # proc(5): a zombie has ended, and its parent has not waited for it yet


def this_process() -> str:
    """The identity of this process, which `is_alive` takes in any process."""
    return _identity(os.getpid()) or str(os.getpid())


def is_alive(process: str) -> bool:
    """Whether a process of this identity lives on this computer; a zombie does not."""
    pid = process.partition(":")[0]
    return pid.isdigit() and _identity(int(pid)) == process


def terminate(process: str) -> None:
    """End the process of this identity by SIGTERM, and 8 s later by SIGKILL, for which it waits 2 s at most.

    It never ends the calling process.
    """
    if process == this_process() or not is_alive(process):
        return
    pid = int(process.partition(":")[0])
    try:
        for number, seconds in ((signal.SIGTERM, _TERM_SECONDS), (signal.SIGKILL, _KILL_SECONDS)):
            os.kill(pid, number)
            if poll(lambda: not is_alive(process), seconds, 0.05):
                return
    except OSError:
        return  # it has ended, or belongs to another user


def _identity(pid: int) -> str | None:
    """`pid:start time` of a living process, None for others; without /proc (macOS) the pid alone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return None if fields[0] in _DEAD else f"{pid}:{fields[19]}"
    except OSError:
        pass
    if Path("/proc/self").exists():
        return None
    try:
        os.kill(pid, 0)
    except OSError:
        return None
    return str(pid)
