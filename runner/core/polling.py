"""Waits until a condition holds, by asking again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def poll(ask: Callable[[], Found], seconds: float, pause: float) -> Found:
    """Call `ask` until its result is true or `seconds` are over; returns the last result.

    pause: seconds between two calls. `ask` is called once at least, and once more when the time is over. An error that
    it raises ends the wait.
    """
    until = time.monotonic() + seconds
    while not (found := ask()) and time.monotonic() < until:
        time.sleep(pause)
    return found
