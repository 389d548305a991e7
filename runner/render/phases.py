"""Long work shows its phases and how long each took, on stderr."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any

from rung.runner.render.page import duration, is_terminal, printable, stderr_console

PATIENCE = 0.15  # seconds: on a terminal, phases shorter than this leave no line behind


class Phases:
    """A Progress (`phases(step, what)`) that prints; as a context manager it ends the last phase.

    On a terminal the current phase spins; elsewhere each is one line: `boot node1 … 0.8 s`. At the end it prints
    `title` with the whole time; an empty title, which may be set until then, prints nothing.
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
            if step == "ready":  # an end, not a beginning
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
    # Text, never rich's markup: a name may hold brackets.
    from rich.text import Text

    return Text.assemble(*pieces)


class Ticker:
    """A Progress for much work side by side: on a terminal the newest step spins, elsewhere nothing is said."""

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
