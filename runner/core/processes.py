"""Processes identified by id and start time, so that a later process with the same id is a different one.

psutil does not replace this: its create time follows the computer's clock, and an identity is compared hours later.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_TERM_SECONDS = 8.0
_KILL_SECONDS = 2.0  # a process in an uninterruptible system call outlives SIGKILL
_DEAD = ("Z", "X", "x")  # proc(5): a zombie has ended, and its parent has not waited for it yet


def this_process() -> str:
    """The identity of this process, by which another process can tell whether it lives."""
    return _alive_as(os.getpid()) or str(os.getpid())


def is_alive(process: str) -> bool:
    """Whether the process of this identity lives on this computer; a zombie does not."""
    pid = process.partition(":")[0]
    return pid.isdigit() and _alive_as(int(pid)) == process


def terminate(process: str) -> None:
    """End the process of this identity, unless it is this one: SIGTERM, after 8 s SIGKILL, and 2 s more at most."""
    if process == this_process() or not is_alive(process):
        return
    pid = int(process.partition(":")[0])
    try:
        for number, seconds in ((signal.SIGTERM, _TERM_SECONDS), (signal.SIGKILL, _KILL_SECONDS)):
            os.kill(pid, number)
            until = time.monotonic() + seconds
            while is_alive(process):
                if time.monotonic() > until:
                    break
                time.sleep(0.05)
            else:
                return
    except OSError:
        return  # it has ended, or is another user's


def _alive_as(pid: int) -> str | None:
    """`pid:start time` of a living process; without /proc (macOS) the id alone."""
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
