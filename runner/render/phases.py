"""Shows the phases of long work and their durations on stderr."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any

from rung.runner.render.page import duration, is_terminal, printable, stderr_console

PATIENCE = 0.15  # seconds; on a terminal, shorter phases leave no line


class Phases:
    """A Progress (`phases(step, what)`) that prints each phase; as a context manager it ends the last one.

    A terminal shows a spinner for the current phase; elsewhere each phase is one line: `boot node1 … 0.8 s`. At the end
    it prints `title` with the whole time, unless the title is empty. The title may be set until then.
    """

    def __init__(self, title: str = "") -> None:
        self.title = title
        self._live = is_terminal(sys.stderr)
        self._lock = threading.Lock()
        self._status: Any = None
        self._current: str | None = None
        self._since = self._begin = time.monotonic()

    def __call__(self, step: str, what: str) -> None:
        with self._lock:
            self._end(done=True)
            if step == "ready":  # ends the work and starts no phase
                return
            self._current = printable(f"{step} {what}".strip())
            self._since = time.monotonic()
            self._start(self._current)

    def _start(self, phase: str) -> None:
        if not self._live:
            sys.stderr.write(f"{phase} … ")
            sys.stderr.flush()
            return
        if self._status is None:
            self._status = stderr_console().status("", spinner="dots")
            self._status.start()
        self._status.update(_text(phase))

    def _end(self, *, done: bool) -> None:
        if self._current is None:
            return
        took = time.monotonic() - self._since
        if not self._live:
            sys.stderr.write(f"{duration(took)}\n" if done else f"stopped after {duration(took)}\n")
        elif not done or took >= PATIENCE:
            mark, style = ("✓", "green") if done else ("✗", "red")
            self._status.console.print(_text((mark, style), f" {self._current} ", (duration(took), "dim")))
        self._current = None

    def __enter__(self) -> Phases:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._end(done=kind is None)
            if self._status is not None:
                self._status.stop()
                self._status = None
        if kind is None and self.title:
            sys.stderr.write(f"{self.title} in {duration(time.monotonic() - self._begin)}\n")
        sys.stderr.flush()


def _text(*pieces: str | tuple[str, str]) -> Any:
    # Not rich's markup, since a name may contain brackets.
    from rich.text import Text

    return Text.assemble(*pieces)


class Ticker:
    """A Progress for parallel work: a terminal shows a spinner for the newest step; elsewhere it prints nothing."""

    def __init__(self) -> None:
        self._status: Any = None

    def __call__(self, step: str, what: str) -> None:
        if self._status is not None:
            self._status.update(_text(printable(f"{step} {what}")))

    def __enter__(self) -> Ticker:
        if is_terminal(sys.stderr):
            self._status = stderr_console().status("", spinner="dots")
            self._status.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._status is not None:
            self._status.stop()
