"""Waits for what nothing announces: it is looked at again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def poll(look: Callable[[], Found], seconds: float, pause: float) -> Found:
    """What `look` returns: the first true result, or the last one after `seconds`.

    pause: seconds between two looks. There is at least one look, also where `seconds` is 0, and a last one when the
    time is over. Errors that `look` raises end the wait.
    """
    until = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < until:
        time.sleep(pause)
    return found
