"""Defers SIGINT and SIGTERM until a request to the engine ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def defer_signals() -> Iterator[None]:
    """Hold back SIGINT and SIGTERM during the block, and deliver the first of them after it.

    Without this the engine could create an object just after everything else of its attempt was removed. A second
    signal is delivered at once. Other threads than the main one receive no signals, so nothing is held back there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[tuple[int, Any]] = []

    def receive(number: int, frame: Any) -> None:
        if received:
            _deliver(handlers, number, frame)
        received.append((number, frame))

    handlers = {number: signal.signal(number, receive) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if received:
        _deliver(handlers, *received[0])


def _deliver(handlers: dict[signal.Signals, Any], number: int, frame: Any) -> None:
    handler = handlers[signal.Signals(number)]
    if callable(handler):
        handler(number, frame)
    elif handler == signal.SIG_DFL:
        signal.raise_signal(number)
