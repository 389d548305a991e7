"""Runs functions in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


def for_each(items: Sequence[T], do: Callable[[T], object]) -> None:
    """Call `do` for each item, at most eight at a time; raises the first error once all calls have ended."""
    if len(items) == 1:
        do(items[0])
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(do, item) for item in items]:
            future.result()


def submit(do: Callable[[], T]) -> Future[T]:
    """Call `do` in a daemon thread, which does not keep the program from ending; it fills the future."""
    from concurrent.futures import Future

    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(do())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
