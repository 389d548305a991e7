"""What runs beside something else, in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


def for_each(items: Sequence[T], do: Callable[[T], object]) -> None:
    """Do something for each item at the same time; the first error is raised when all have ended."""
    if len(items) == 1:
        do(items[0])
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(do, item) for item in items]:
            done.result()


def submit(do: Callable[[], T]) -> Future[T]:
    """Begin to do something in a thread that keeps no program from ending; what it raises is with its result."""
    from concurrent.futures import Future

    begun: Future[T] = Future()

    def done() -> None:
        try:
            begun.set_result(do())
        except Exception as error:
            begun.set_exception(error)

    threading.Thread(target=done, daemon=True).start()
    return begun
