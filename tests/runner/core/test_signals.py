"""SIGINT during a request to the engine."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from rung.runner.core.signals import defer_signals


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_an_interrupt_is_delivered_when_the_request_has_ended() -> None:
    done = []

    def request() -> None:
        with defer_signals():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("made")

    with pytest.raises(KeyboardInterrupt):
        request()
    assert done == ["made"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interrupt_is_delivered_at_once() -> None:
    done = []

    def request() -> None:
        with defer_signals():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            done.append("made")

    with pytest.raises(KeyboardInterrupt):
        request()
    assert done == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_of_the_request_comes_before_the_interrupt() -> None:
    def request() -> None:
        with defer_signals():
            os.kill(os.getpid(), signal.SIGINT)
            raise KeyError

    with pytest.raises(KeyError):
        request()


def test_another_thread_has_no_signals_to_hold_back() -> None:
    seen = []

    def request() -> None:
        with defer_signals():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=request)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
