"""A pseudo-terminal that runs `rung`, for tests that type."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import sys
import termios
import time

RUNG = [sys.executable, "-c", "import sys; from rung.runner.cli import main; sys.exit(main())"]
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Screen:
    """A pseudo-terminal that runs `rung`: `types` sends keys, `sees` waits for output."""

    def __init__(self, *arguments: str) -> None:
        self.pid, self.number = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(RUNG[0], [*RUNG, *arguments])
        termios.tcsetwinsize(self.number, (30, 100))
        self.raw, self.text = b"", ""

    def sees(self, text: str, seconds: float = 60) -> str:
        """Wait until `text` is shown; returns the output up to its end."""
        until = time.monotonic() + seconds
        while text not in self.text:
            ready = select.select([self.number], [], [], max(0.0, until - time.monotonic()))[0]
            data = b""
            with contextlib.suppress(OSError):  # raised when the last program on the terminal has ended
                data = os.read(self.number, 4096) if ready else b""
            assert data, f"{text!r} never came: {self.text!r}"
            self.raw += data
            self.text = _CONTROL.sub("", self.raw.decode("utf-8", "replace"))
        self.raw = self.text.partition(text)[2].encode()
        shown, found, self.text = self.text.partition(text)
        return shown + found

    def types(self, text: str) -> None:
        os.write(self.number, text.encode())

    def ended(self) -> int:
        """Wait for the end of the process; returns its exit code."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
