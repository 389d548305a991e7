"""Shortcuts of a process that lives for less than a second; no process that lives on may keep them.

Measured on `rung check`: without pydantic's search for plugins in every installed package and without garbage
collection while modules are imported, a command is a tenth faster; ending without taking the interpreter apart saves
10 to 40 ms more.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import NoReturn

_NORMAL = gc.get_threshold()
_active = False


def enter() -> None:
    """Take the shortcuts: this process runs one command."""
    global _active  # how this process ends is a fact of the process
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(1_000_000, 20, 20)
    _active = True


def leave() -> None:
    """Give the shortcuts up: this process lives on (a shell, the supervisor of an exam, a server)."""
    global _active  # see `enter`
    gc.set_threshold(*_NORMAL)
    _active = False


def end(code: int) -> NoReturn:
    """End the process with an exit code, at once where the shortcuts are taken."""
    if not _active:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
