"""Runs Rung's own commands as background processes, which outlive the process that started them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import IO

from rung.runner.core.paths import home

CODE = "import sys; from rung.runner.cli import main; sys.exit(main())"


def launch_rung(*arguments: str, output: IO[bytes] | int = subprocess.DEVNULL) -> int:
    """Start `rung ARGUMENTS` in a new session, in the folder `/`, and return its process id.

    output: an open file or descriptor for its standard output and standard error. A thread waits for the process, so
    that it leaves no zombie while this process lives; if this process ends first, init waits for it.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        cwd="/",
        env={**os.environ, "RUNG_HOME": str(home())},  # a relative path would name another folder in `/`
    )
    threading.Thread(target=process.wait, name=f"reap {process.pid}", daemon=True).start()
    return process.pid
