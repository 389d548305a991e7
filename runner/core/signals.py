"""Ctrl-C at a bad moment."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def defer_signals() -> Iterator[None]:
    """Let a request to the engine come to its end although Ctrl-C comes meanwhile; it counts right after.

    Else the engine might make the thing a moment after everything of its attempt was removed. A second
    Ctrl-C counts at once. Only the main thread gets signals; in others there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    noted: list[tuple[int, Any]] = []

    def note(number: int, frame: Any) -> None:
        if noted:
            _deliver(before, number, frame)
        noted.append((number, frame))

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if noted:
        _deliver(before, *noted[0])


def _deliver(handlers: dict[signal.Signals, Any], number: int, frame: Any) -> None:
    handler = handlers[signal.Signals(number)]
    if callable(handler):
        handler(number, frame)
    elif handler == signal.SIG_DFL:
        signal.raise_signal(number)
