"""Makes processes that live for less than a second faster; longer-lived processes switch this off.

Measured on `rung check`: a command takes a tenth less time without pydantic's search for plugins in all installed
packages and without garbage collection during imports. Ending without the interpreter's own clean-up saves another
10 to 40 ms.
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
    """Switch the shortcuts on, for a process that runs one short command."""
    global _active  # one for the process, as are the environment and the garbage collector
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(1_000_000, 20, 20)
    _active = True


def leave() -> None:
    """Switch the shortcuts off, for a process that lives on (a shell, the supervisor of an exam, a server)."""
    global _active  # see `enter`
    gc.set_threshold(*_NORMAL)
    _active = False


def end(code: int) -> NoReturn:
    """End the process with an exit code; with the shortcuts on, without the interpreter's clean-up."""
    if not _active:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
